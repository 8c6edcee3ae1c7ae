using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.InlineCaches;

/// <summary>
/// Global variables: first the lexical declarations of all scripts of the realm, then the global object. Both keep their values
/// in property cells; a slot caches the cell and the offset of the value.
/// </summary>
internal static class GlobalIC
{
    /// <summary>The cell of a let, const or class binding of some script, or a null view.</summary>
    public static PropertyCell FindLexical(Agent agent, Name name)
    {
        if (!NameDictionary.TryAs(agent.Realm.ScriptContexts, out NameDictionary table))
        {
            return default;
        }

        int entry = NameDictionaries.Find(table, name);
        return entry < 0 ? default : PropertyCell.Cast(table.ValueAt(entry));
    }

    public static Value LoadMiss(Agent agent, Name name, FeedbackVector vector, int slot, bool insideTypeof)
    {
        PropertyCell lexical = FindLexical(agent, name);
        if (!lexical.IsNull)
        {
            if (lexical.Value.IsHole)
            {
                throw Uninitialized(agent, name);
            }

            Cache(agent, vector, slot, lexical);
            return lexical.Value;
        }

        JSObject global = JSObject.Cast(agent.Realm.GlobalObject);
        if (Properties.GetOwnNamed(agent, global, name, out OwnProperty own) && own.Location == PropertyLocation.GlobalCell && !own.IsAccessor)
        {
            Cache(agent, vector, slot, Properties.FindGlobalCell(global, name));
            return own.Raw;
        }

        return LoadFromObject(agent, global, name, insideTypeof);
    }

    /// <summary>A global without caching.</summary>
    public static Value LoadFromObject(Agent agent, JSObject global, Name name, bool insideTypeof)
    {
        var key = new PropertyKey(name);
        if (!ObjectOperations.HasProperty(agent, global, key))
        {
            return insideTypeof ? Value.Undefined : throw NotDefined(agent, name);
        }

        return ObjectOperations.Get(agent, global, key);
    }

    public static void StoreMiss(Agent agent, Name name, Value value, FeedbackVector vector, int slot)
    {
        bool isStrict = StoreIC.KindOf(vector, slot).IsStrictStore();
        PropertyCell lexical = FindLexical(agent, name);
        if (!lexical.IsNull)
        {
            StoreLexical(agent, lexical, name, value);
            Cache(agent, vector, slot, lexical);
            return;
        }

        JSObject global = JSObject.Cast(agent.Realm.GlobalObject);
        if (Properties.GetOwnNamed(agent, global, name, out OwnProperty own) && own.Location == PropertyLocation.GlobalCell && !own.IsAccessor && (own.Attributes & PropertyAttributes.ReadOnly) == 0)
        {
            Properties.WriteData(agent, own, value);
            Cache(agent, vector, slot, Properties.FindGlobalCell(global, name));
            return;
        }

        StoreToObject(agent, global, name, value, isStrict);
    }

    /// <summary>Assignment to a lexical binding: its dead zone and constness are errors.</summary>
    public static void StoreLexical(Agent agent, PropertyCell cell, Name name, Value value)
    {
        if (cell.Value.IsHole)
        {
            throw Uninitialized(agent, name);
        }

        if (new PropertyDetails(cell.Details).IsReadOnly)
        {
            throw agent.TypeError("Assignment to constant variable.");
        }

        PropertyCells.Assign(cell, value);
    }

    public static void StoreToObject(Agent agent, JSObject global, Name name, Value value, bool isStrict)
    {
        var key = new PropertyKey(name);
        if (isStrict && !ObjectOperations.HasProperty(agent, global, key))
        {
            throw NotDefined(agent, name);
        }

        ObjectOperations.Put(agent, global, key, value, isStrict);
    }

    private static void Cache(Agent agent, FeedbackVector vector, int slot, PropertyCell cell)
    {
        // The machine code of stores writes the cell without a look: no constant may be in a slot of theirs.
        bool isStore = StoreIC.KindOf(vector, slot) is FeedbackSlotKind.StoreGlobalSloppy or FeedbackSlotKind.StoreGlobalStrict;
        if (isStore && ((new PropertyDetails(cell.Details).Attributes & PropertyAttributes.ReadOnly) != 0 || PropertyCells.TypeOf(cell) != PropertyCellType.Mutable))
        {
            return;
        }

        vector.SetSlots(slot, cell);
        vector.SetSlots(slot + 1, Value.FromInt32(PropertyCell.ValueOffset));
        FeedbackSlots.Report(agent, vector, slot, "global: cell");
    }

    public static JSException Uninitialized(Agent agent, Name name) =>
        agent.Error(ErrorKind.ReferenceError, $"Cannot access '{new JSString(name.Address).ToClrString()}' before initialization");

    public static JSException NotDefined(Agent agent, Name name) =>
        agent.Error(ErrorKind.ReferenceError, $"{new JSString(name.Address).ToClrString()} is not defined");
}
