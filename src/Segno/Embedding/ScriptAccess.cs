using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno;

/// <summary>What the host does to values, as operations of the specification. The agent has been entered.</summary>
internal static unsafe class ScriptAccess
{
    // target[key]
    public static Value GetProperty(Agent agent, Value target, Value key) => ObjectOperations.GetV(agent, target, Conversions.ToPropertyKey(agent, key));

    // target[key] = value in strict code
    public static void SetProperty(Agent agent, Value target, Value key, Value value) =>
        ObjectOperations.Put(agent, target, Conversions.ToPropertyKey(agent, key), value, strict: true);

    public static Value Construct(Agent agent, Value constructor, Value* arguments, int count) =>
        ObjectOperations.Construct(agent, constructor, arguments, count, constructor);

    // 22.1.1.1 String ( value ): symbols are described
    public static JSString ToText(Agent agent, Value value) =>
        value.IsSymbol ? agent.NewString(Symbols.ToDebugString(new Symbol(value.Address))) : Conversions.ToString(agent, value);

    public static JSArray OwnEnumerableKeys(Agent agent, Value target) =>
        ObjectOperations.EnumerableOwnProperties(agent, Conversions.ToObject(agent, target), ObjectOperations.EnumerationKind.Keys);

    /// <summary>A global binding: of a script's declarations first, else a property of the global object; undefined if there is none.</summary>
    public static Value GetGlobal(Agent agent, string name)
    {
        PropertyKey key = PropertyKey.FromName(agent, (Name)agent.StringTable.Internalize(name));
        if (!key.IsIndex && NameDictionary.TryAs(agent.Realm.ScriptContexts, out NameDictionary table))
        {
            int entry = NameDictionaries.Find(table, key.Name);
            if (entry >= 0)
            {
                Value value = PropertyCell.Cast(table.ValueAt(entry)).Value;
                return value.IsHole ? throw agent.Error(ErrorKind.ReferenceError, $"Cannot access '{name}' before initialization") : value;
            }
        }

        return ObjectOperations.GetV(agent, agent.Realm.GlobalObject, key);
    }

    public static void SetGlobal(Agent agent, string name, Value value) => SetProperty(agent, agent.Realm.GlobalObject, agent.NewString(name), value);
}
