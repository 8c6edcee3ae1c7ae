using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Tests.Objects;

/// <summary>
/// A heap, an agent on this thread, and as much of a realm as objects need: no builtin function, no machine code. Verifies the heap
/// at every collection.
/// </summary>
internal unsafe class HeapFixture : IDisposable
{
    public HeapFixture(int gcInterval = 0)
    {
        Heap = new ClusterHeap(ReadOnlyBootstrap.Space, new HeapOptions { VerifyHeap = true, GcInterval = gcInterval, FullGcInterval = gcInterval == 0 ? 0 : 20 });
        Local = Heap.CreateLocalHeap();
        Agent = new Agent(Local);
        Local.Enter();
        MakeRealm();
    }

    public ClusterHeap Heap { get; }

    public LocalHeap Local { get; }

    public Agent Agent { get; }

    public virtual void Dispose()
    {
        Local.Leave();
        Agent.Dispose();
        Heap.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Scavenge() => Local.Collect(CollectionKind.Scavenge, CollectionReason.Test);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CollectAll() => Local.Collect(CollectionKind.Full, CollectionReason.Test);

    // ---- shorthands ------------------------------------------------------------------------------------------

    public PropertyKey Key(string name) => PropertyKey.FromName(Agent, (Name)Agent.NewString(name));

    public Name Name(string name) => (Name)Agent.StringTable.Internalize(name);

    public JSObject NewObject() => Agent.NewPlainObject();

    /// <summary>An object with Smi properties of ascending value.</summary>
    public JSObject NewObject(params ReadOnlySpan<string> names)
    {
        JSObject result = NewObject();
        for (int i = 0; i < names.Length; i++)
        {
            Add(result, names[i], i);
        }

        return result;
    }

    public void Add(JSObject obj, string name, int value, PropertyAttributes attributes = PropertyAttributes.None) =>
        Properties.Add(Agent, obj, Key(name), Value.FromInt32(value), attributes);

    public Value Get(JSObject obj, string name) =>
        Properties.GetOwn(Agent, obj, Key(name), out OwnProperty property) ? property.DataValue(Agent) : Value.Absent;

    public bool Has(JSObject obj, string name) => Properties.GetOwn(Agent, obj, Key(name), out _);

    public void Delete(JSObject obj, string name)
    {
        if (Properties.GetOwn(Agent, obj, Key(name), out OwnProperty property))
        {
            Properties.Delete(Agent, property);
        }
    }

    public Map NewInitialMap(int inObject, Value prototype, MapFlags flags = MapFlags.None) =>
        Maps.New(Agent, InstanceType.JSObject, JSObject.HeaderSize / 8, inObject, prototype, ElementsKind.PackedSmi, MapFlags.Initial | flags);

    public JSArray NewArray(params ReadOnlySpan<double> numbers)
    {
        JSArray array = Agent.NewEmptyArray();
        foreach (double number in numbers)
        {
            Push(array, Value.FromDouble(number));
        }

        return array;
    }

    public void Push(JSArray array, Value value) => SetNew(array, (uint)array.Length.AsNumber, value);

    /// <summary>Adds an element, or writes it where there is one.</summary>
    public void SetNew(JSObject obj, uint index, Value value)
    {
        if (Elements.GetOwn(Agent, obj, index, out OwnProperty property))
        {
            Elements.Write(Agent, property, value);
        }
        else
        {
            Elements.Add(Agent, obj, index, value, PropertyAttributes.None);
        }
    }

    public Value At(JSObject obj, uint index) => Elements.GetOwn(Agent, obj, index, out OwnProperty property) ? property.Raw : Value.Hole;

    // ---- realm -----------------------------------------------------------------------------------------------

    private void MakeRealm()
    {
        var realm = new NativeContext(Local.AllocateOld(NativeContext.HeaderSize));
        new Span<ulong>((void*)(realm.Address + 8), (NativeContext.HeaderSize / 8) - 1).Fill(Value.UndefinedBits);
        *(ulong*)realm.Address = ReadOnlyRoots.Address(RootId.NativeContextMap);
        Local.Block->NativeContext = realm.Address;

        JSObject root = MakePrototype(Value.Null);
        Agent.Realm.SetObjectPrototype(root);
        Agent.Realm.SetObjectMap(NewInitialMap(4, Agent.Realm.ObjectPrototype));
        Agent.Realm.SetFunctionPrototype(MakePrototype(Agent.Realm.ObjectPrototype));
        Agent.Realm.SetArrayPrototype(MakePrototype(Agent.Realm.ObjectPrototype));
        Agent.Realm.SetStringPrototype(MakePrototype(Agent.Realm.ObjectPrototype));
        JSObject error = MakePrototype(Agent.Realm.ObjectPrototype);
        Agent.Realm.SetErrorPrototype(error);
        Agent.Realm.SetTypeErrorPrototype(error);
        Agent.Realm.SetRangeErrorPrototype(error);
        Agent.Realm.SetReferenceErrorPrototype(error);
        Agent.Realm.SetSyntaxErrorPrototype(error);
        Agent.Realm.SetErrorMap(Maps.New(Agent, InstanceType.JSError, JSError.HeaderSize / 8, 2, error, ElementsKind.PackedSmi, MapFlags.Initial));
        for (ElementsKind kind = ElementsKind.PackedSmi; kind <= ElementsKind.Holey; kind++)
        {
            MakeArrayMap(kind);
        }
    }

    private JSObject MakePrototype(Value parent)
    {
        JSObject result = Agent.NewJSObject(NewInitialMap(0, parent));
        Prototypes.MakePrototype(Agent, result);
        return result;
    }

    private void MakeArrayMap(ElementsKind kind)
    {
        Map map = Maps.New(Agent, InstanceType.JSArray, JSArray.HeaderSize / 8, 0, Agent.Realm.ArrayPrototype, kind, MapFlags.Initial);
        map = Maps.AddConstant(Agent, map, Names.Length, false, PropertyAttributes.DontEnum | PropertyAttributes.DontDelete, Agent.NewAccessorInfo(AccessorInfoId.ArrayLength));
        switch (kind)
        {
            case ElementsKind.PackedSmi:
                Agent.Realm.SetArrayMapPackedSmi(map);
                break;
            case ElementsKind.HoleySmi:
                Agent.Realm.SetArrayMapHoleySmi(map);
                break;
            case ElementsKind.PackedDouble:
                Agent.Realm.SetArrayMapPackedDouble(map);
                break;
            case ElementsKind.HoleyDouble:
                Agent.Realm.SetArrayMapHoleyDouble(map);
                break;
            case ElementsKind.Packed:
                Agent.Realm.SetArrayMapPacked(map);
                break;
            default:
                Agent.Realm.SetArrayMapHoley(map);
                break;
        }
    }
}
