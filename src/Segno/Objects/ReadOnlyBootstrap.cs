using Segno.Heap;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Makes the process's read-only space: the maps without prototype or transitions, the empty tables, the single-character
/// strings, and the names that the engine knows (D17).
/// </summary>
internal static unsafe class ReadOnlyBootstrap
{
    private static readonly Lock s_lock = new();
    private static ReadOnlySpace? s_space;

    /// <summary>Names that rooms above use in every realm; to be set before the space is first asked for, else they are not in it.</summary>
    public static Func<IEnumerable<string>>? MoreNames { get; set; }

    /// <summary>The read-only space, made by the first engine of the process.</summary>
    public static ReadOnlySpace Space
    {
        get
        {
            lock (s_lock)
            {
                return s_space ??= ReadOnlySpace.Create(Fill);
            }
        }
    }

    private static void Fill(ReadOnlySpace space)
    {
        ReadOnlyRoots.Table = (ulong*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)RootId.Count * 8);
        Names.Table = (ulong*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)NameId.Count * 8);
        ulong mapMap = space.Allocate(Map.HeaderSize);
        string[] types = Enum.GetNames<InstanceType>();
        InstanceType[] values = Enum.GetValues<InstanceType>();
        for (int i = 0; i < types.Length && values[i] < InstanceType.JSObject; i++)
        {
            ulong map = values[i] == InstanceType.Map ? mapMap : space.Allocate(Map.HeaderSize);
            *(ulong*)map = mapMap;
            new Span<byte>((void*)(map + 8), Map.HeaderSize - 8).Clear();
            var view = new Map(map);
            view.InitPrototype(Value.Null);
            view.InitConstructorOrBackPointer(Value.Null);
            view.InitDescriptors(Value.Undefined);
            view.InitValidityCell(Value.Undefined);
            view.InitDependentCode(Value.Undefined);
            view.InitTransitions(Value.Undefined);
            view.InstanceType = (ushort)values[i];
            // The roots of maps come first, in the order of the instance types.
            SetRoot(space, (RootId)i, map);
        }

        SetRoot(space, RootId.EmptyFixedArray, MakeArray(space, RootId.FixedArrayMap));
        SetRoot(space, RootId.EmptyFixedDoubleArray, MakeArray(space, RootId.FixedDoubleArrayMap));
        SetRoot(space, RootId.EmptyByteArray, MakeArray(space, RootId.ByteArrayMap));
        SetRoot(space, RootId.EmptyWeakFixedArray, MakeArray(space, RootId.WeakFixedArrayMap));
        SetRoot(space, RootId.EmptyPropertyArray, MakeArray(space, RootId.PropertyArrayMap));
        ulong descriptors = space.Allocate(DescriptorArray.SizeFor(0));
        *(ulong*)descriptors = ReadOnlyRoots.Address(RootId.DescriptorArrayMap);
        new DescriptorArray(descriptors).InitEnumCache(Value.Undefined);
        new DescriptorArray(descriptors).Count = 0;
        new DescriptorArray(descriptors).Capacity = 0;
        SetRoot(space, RootId.EmptyDescriptorArray, descriptors);
        for (int i = 0; i < types.Length && values[i] < InstanceType.JSObject; i++)
        {
            ReadOnlyRoots.Map((RootId)i).InitDescriptors(new Value(descriptors));
        }

        ulong empty = MakeString(space, "");
        SetRoot(space, RootId.EmptyString, empty);
        ulong singles = space.Allocate(FixedArray.SizeFor(256));
        *(ulong*)singles = ReadOnlyRoots.Address(RootId.FixedArrayMap);
        *(long*)(singles + 8) = 256;
        for (int c = 0; c < 256; c++)
        {
            new FixedArray(singles).InitElements(c, new Value(MakeString(space, ((char)c).ToString())));
        }

        SetRoot(space, RootId.SingleCharacterStrings, singles);
        for (int i = 0; i < (int)NameId.Count; i++)
        {
            Names.Table[i] = i < (int)NameTexts.FirstSymbol ? MakeOrFindString(space, NameTexts.All[i], singles) : MakeSymbol(space, NameTexts.All[i], (uint)i);
        }

        foreach (string name in MoreNames?.Invoke() ?? [])
        {
            if (StringTable.FindReadOnly(name) == 0)
            {
                MakeString(space, name);
            }
        }
    }

    private static void SetRoot(ReadOnlySpace space, RootId id, ulong address)
    {
        ReadOnlyRoots.Table[(int)id] = address;
        space.SetRoot(id, new Value(address));
    }

    private static ulong MakeArray(ReadOnlySpace space, RootId map)
    {
        ulong address = space.Allocate(FixedArray.HeaderSize);
        *(ulong*)address = ReadOnlyRoots.Address(map);
        *(long*)(address + 8) = 0;
        return address;
    }

    private static ulong MakeOrFindString(ReadOnlySpace space, string text, ulong singles) =>
        text.Length == 1 ? new FixedArray(singles).GetElements(text[0]).Address : MakeString(space, text);

    private static ulong MakeString(ReadOnlySpace space, string text)
    {
        ulong address = space.Allocate(SeqOneByteString.SizeFor(text.Length));
        *(ulong*)address = ReadOnlyRoots.Address(RootId.InternalizedOneByteStringMap);
        var result = new SeqOneByteString(address);
        result.Length = text.Length;
        for (int i = 0; i < text.Length; i++)
        {
            result.Chars[i] = (byte)text[i];
        }

        result.RawHash = Strings.ComputeRawHash(text);
        StringTable.AddReadOnly(result);
        return address;
    }

    private static ulong MakeSymbol(ReadOnlySpace space, string description, uint seed)
    {
        ulong text = MakeString(space, description);
        ulong address = space.Allocate(Symbol.HeaderSize);
        *(ulong*)address = ReadOnlyRoots.Address(RootId.SymbolMap);
        var symbol = new Symbol(address);
        symbol.Length = (int)(description[0] == '%' ? SymbolFlags.Private : SymbolFlags.WellKnown);
        symbol.RawHash = Strings.MakeRawHash(seed + 1);
        symbol.InitDescription(new Value(text));
        return address;
    }
}
