using Segno.Builtins;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Realms;

/// <summary>Putting properties on the intrinsic objects: all of one object at once, so that it gets one map.</summary>
internal static unsafe partial class Intrinsics
{
    private const int AccessorFlag = 8;

    /// <summary>The properties that an object is about to get: triples of key, value and attributes.</summary>
    private sealed class Members : IDisposable
    {
        private readonly Agent _agent;
        private readonly ValueList _list;

        public Members(Agent agent)
        {
            _agent = agent;
            _list = new ValueList(agent.Heap, 64);
        }

        public int Count => _list.Count / 3;

        public void Dispose() => _list.Dispose();

        public Members Add(Name key, Value value, PropertyAttributes attributes = PropertyAttributes.DontEnum)
        {
            _list.Add(key);
            _list.Add(value);
            _list.Add(Value.FromInt32((int)attributes));
            return this;
        }

        public Members Add(string key, Value value, PropertyAttributes attributes = PropertyAttributes.DontEnum) => Add(Intern(_agent, key), value, attributes);

        public Members AddAccessor(Name key, Value pair, PropertyAttributes attributes = PropertyAttributes.DontEnum)
        {
            Add(key, pair, attributes);
            _list.Set(_list.Count - 1, Value.FromInt32((int)attributes | AccessorFlag));
            return this;
        }

        /// <summary>The value of a property added before.</summary>
        public Value Find(Name key)
        {
            for (int i = 0; i < _list.Count; i += 3)
            {
                if (_list[i] == (Value)key)
                {
                    return _list[i + 1];
                }
            }

            throw new InvalidOperationException("no such member");
        }

        public Value Find(string key) => Find(Intern(_agent, key));

        /// <summary>All functions that are properties of a holder.</summary>
        public Members AddHolder(BuiltinHolder holder)
        {
            for (int id = BuiltinTable.FirstOf(holder); id < BuiltinTable.EndOf(holder); id++)
            {
                Name key = KeyOf(_agent, id);
                switch (BuiltinTable.KindOf(id))
                {
                    case BuiltinKind.Method:
                        Add(key, NewFunction(_agent, id), BuiltinTable.AttributesOf(id));
                        break;
                    case BuiltinKind.Getter:
                        int setter = FindSetter(holder, id);
                        JSFunction get = NewFunction(_agent, id);
                        Value set = setter < 0 ? Value.Undefined : NewFunction(_agent, setter);
                        AddAccessor(key, _agent.NewAccessorPair(get, set), BuiltinTable.AttributesOf(id));
                        break;
                }
            }

            return this;
        }

        private static int FindSetter(BuiltinHolder holder, int getter)
        {
            for (int id = BuiltinTable.FirstOf(holder); id < BuiltinTable.EndOf(holder); id++)
            {
                if (BuiltinTable.KindOf(id) == BuiltinKind.Setter && BuiltinTable.NameOf(id).SequenceEqual(BuiltinTable.NameOf(getter)))
                {
                    return id;
                }
            }

            return -1;
        }

        /// <summary>Gives the object all properties with one new map; those that it has stay.</summary>
        public void InstallOn(JSObject obj)
        {
            Map old = obj.Map;
            Prototypes.Invalidate(obj);
            Map map = Maps.Copy(_agent, old);
            map.SetConstructorOrBackPointer(old.Root().ConstructorOrBackPointer);
            int had = (int)old.OwnDescriptorCount;
            DescriptorArray descriptors = Descriptors.CopyUpTo(_agent, old.Descriptors, had, had + Count);
            map.SetDescriptors(descriptors);
            map.Flags |= (uint)MapFlags.OwnsDescriptors;
            int field = old.FieldCount;
            for (int i = 0; i < _list.Count; i += 3)
            {
                int bits = _list[i + 2].AsInt32;
                var attributes = (PropertyAttributes)(bits & (AccessorFlag - 1));
                if ((bits & AccessorFlag) != 0)
                {
                    descriptors.Append(new Name(_list[i].Bits), PropertyDetails.InDescriptor(true, attributes), _list[i + 1]);
                }
                else
                {
                    descriptors.Append(new Name(_list[i].Bits), PropertyDetails.Field(field++, attributes), Value.Undefined);
                }
            }

            map.OwnDescriptorCount = (uint)(had + Count);
            map.FieldCount = (byte)field;
            int capacity = map.InObjectCapacity();
            if (field > capacity)
            {
                Properties.EnsureOutOfObject(_agent, obj, field - capacity - 1);
            }

            if (old.Has(MapFlags.Prototype))
            {
                Prototypes.MoveUsers(old, map);
            }

            Maps.Change(obj, map);
            field = old.FieldCount;
            for (int i = 0; i < _list.Count; i += 3)
            {
                if ((_list[i + 2].AsInt32 & AccessorFlag) == 0)
                {
                    Properties.SetField(obj, map, field++, _list[i + 1]);
                }
            }
        }
    }

    private static JSString Intern(Agent agent, string text) => agent.StringTable.Internalize(text.AsSpan());

    /// <summary>The property key of a builtin.</summary>
    private static Name KeyOf(Agent agent, int id) => BuiltinNames.KeyOf(agent, id);

    /// <summary>A builtin function with its name as functions show it: symbols in brackets, accessors with a prefix.</summary>
    private static JSFunction NewFunction(Agent agent, int id) =>
        NewBuiltin(agent, id, BuiltinNames.FunctionNameOf(agent, id), Map.Cast(agent.Realm.BuiltinFunctionMap));

    /// <summary>A constructor with its prototype property; the prototype gets no constructor property yet.</summary>
    private static JSFunction NewConstructor(Agent agent, BuiltinId id, Value prototype)
    {
        JSFunction function = NewBuiltin(agent, (int)id, KeyOf(agent, (int)id), Map.Cast(agent.Realm.BuiltinConstructorMap), FunctionFlags.Constructor);
        function.SetPrototypeOrInitialMap(prototype);
        return function;
    }
}
