using Segno.InlineCaches;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Syntax;

namespace Segno.Runtime;

/// <summary>
/// Names looked up at run time, because a with object or a sloppy direct eval may shadow them. The context chain is walked with
/// the scopes that the parser left behind.
/// </summary>
internal static class DynamicScopes
{
    /// <summary>Where a name was found.</summary>
    private ref struct Binding
    {
        /// <summary>A with object or the variables that an eval added; else a context slot.</summary>
        public JSObject Object;
        public Context Context;
        public int Slot;
        public Variable? Variable;
        public bool IsWith;
    }

    private static bool Find(Agent agent, Context context, Name name, out Binding binding)
    {
        binding = default;
        string text = new JSString(name.Address).ToClrString();
        var key = new PropertyKey(name);
        for (Value at = context; Context.TryAs(at, out Context current); at = current.Previous)
        {
            Scope? scope = current.ScopeInfo.IsSmi ? agent.GetSource(current.ScopeInfo.AsInt32) as Scope : null;
            if (JSObject.TryAs(current.Extension, out JSObject extension))
            {
                bool isWith = scope?.Kind == ScopeKind.With;
                if (ObjectOperations.HasProperty(agent, extension, key) && !(isWith && IsUnscopable(agent, extension, key)))
                {
                    binding.Object = extension;
                    binding.IsWith = isWith;
                    return true;
                }
            }

            if (scope is null)
            {
                continue;
            }

            if (FindInScope(current, scope, text, out binding))
            {
                return true;
            }
        }

        return false;
    }

    private static bool FindInScope(Context context, Scope scope, string name, out Binding binding)
    {
        binding = default;
        Variable? found = null;
        foreach (Variable variable in scope.Variables)
        {
            if (variable.Location == VariableLocation.Context && variable.Name.Value == name)
            {
                found = variable;
                break;
            }
        }

        if (found is null && scope.FunctionNameVariable is { Location: VariableLocation.Context } functionName && functionName.Name.Value == name)
        {
            found = functionName;
        }

        if (found is null)
        {
            return false;
        }

        binding.Context = context;
        binding.Slot = found.Index;
        binding.Variable = found;
        return true;
    }

    private static bool IsUnscopable(Agent agent, JSObject obj, PropertyKey key)
    {
        Value unscopables = ObjectOperations.Get(agent, obj, new PropertyKey(Names.SymbolUnscopables));
        return unscopables.IsReceiver && Conversions.ToBoolean(ObjectOperations.Get(agent, new JSObject(unscopables.Bits), key));
    }

    public static Value Load(Agent agent, Context context, Name name, bool insideTypeof, bool isStrict) =>
        Load(agent, context, name, insideTypeof, isStrict, out _);

    /// <summary>The value, and the with object that provided it as the receiver of a call (undefined otherwise).</summary>
    public static Value Load(Agent agent, Context context, Name name, bool insideTypeof, bool isStrict, out Value receiver)
    {
        receiver = Value.Undefined;
        if (Find(agent, context, name, out Binding binding))
        {
            if (binding.Variable is null)
            {
                if (binding.IsWith)
                {
                    receiver = binding.Object;
                }

                return LoadFromObject(agent, binding.Object, name, isStrict);
            }

            return LoadFromContext(agent, binding, name);
        }

        PropertyCell lexical = GlobalIC.FindLexical(agent, name);
        return lexical.IsNull
            ? GlobalIC.LoadFromObject(agent, JSObject.Cast(agent.Realm.GlobalObject), name, insideTypeof)
            : LoadLexical(agent, lexical, name);
    }

    /// <summary>GetBindingValue of an object environment (9.1.1.2.6): the property may be gone since it was found.</summary>
    private static Value LoadFromObject(Agent agent, JSObject provider, Name name, bool isStrict)
    {
        var key = new PropertyKey(name);
        if (isStrict && !ObjectOperations.HasProperty(agent, provider, key))
        {
            throw GlobalIC.NotDefined(agent, name);
        }

        return ObjectOperations.Get(agent, provider, key);
    }

    private static Value LoadFromContext(Agent agent, scoped in Binding binding, Name name)
    {
        Value value = binding.Context.GetSlots(binding.Slot);
        return value.IsHole ? throw GlobalIC.Uninitialized(agent, name) : value;
    }

    private static Value LoadLexical(Agent agent, PropertyCell cell, Name name) =>
        cell.Value.IsHole ? throw GlobalIC.Uninitialized(agent, name) : cell.Value;

    public static void Store(Agent agent, Context context, Name name, Value value, bool isStrict, bool initializes)
    {
        if (Find(agent, context, name, out Binding binding))
        {
            if (binding.Variable is null)
            {
                StoreToObject(agent, binding.Object, name, value, isStrict);
            }
            else
            {
                StoreToContext(agent, binding, name, value, isStrict, initializes);
            }

            return;
        }

        PropertyCell lexical = GlobalIC.FindLexical(agent, name);
        if (!lexical.IsNull)
        {
            GlobalIC.StoreLexical(agent, lexical, name, value);
            return;
        }

        GlobalIC.StoreToObject(agent, JSObject.Cast(agent.Realm.GlobalObject), name, value, isStrict);
    }

    /// <summary>SetMutableBinding of an object environment (9.1.1.2.5).</summary>
    private static void StoreToObject(Agent agent, JSObject provider, Name name, Value value, bool isStrict)
    {
        var key = new PropertyKey(name);
        if (isStrict && !ObjectOperations.HasProperty(agent, provider, key))
        {
            throw GlobalIC.NotDefined(agent, name);
        }

        ObjectOperations.Put(agent, provider, key, value, isStrict);
    }

    private static void StoreToContext(Agent agent, scoped in Binding binding, Name name, Value value, bool isStrict, bool initializes)
    {
        if (!initializes)
        {
            if (binding.Context.GetSlots(binding.Slot).IsHole)
            {
                throw GlobalIC.Uninitialized(agent, name);
            }

            if (binding.Variable is { IsConstant: true } variable)
            {
                if (variable.Mode != VariableMode.FunctionName || isStrict)
                {
                    throw agent.TypeError("Assignment to constant variable.");
                }

                return;
            }
        }

        binding.Context.SetSlots(binding.Slot, value);
    }

    // ---- references that are read and written, or written after other code has run -----------------------------------------

    /// <summary>
    /// What provides a binding, found once: the object of a with, of eval's variables or the global one; a context; the cell of a
    /// script's lexical binding; undefined where nothing does.
    /// </summary>
    public static Value Resolve(Agent agent, Context context, Name name)
    {
        if (Find(agent, context, name, out Binding binding))
        {
            return binding.Variable is null ? binding.Object : binding.Context;
        }

        PropertyCell lexical = GlobalIC.FindLexical(agent, name);
        if (!lexical.IsNull)
        {
            return lexical;
        }

        Value global = agent.Realm.GlobalObject;
        return ObjectOperations.HasProperty(agent, JSObject.Cast(global), new PropertyKey(name)) ? global : Value.Undefined;
    }

    public static Value LoadResolved(Agent agent, Value provider, Name name, bool isStrict)
    {
        if (JSObject.TryAs(provider, out JSObject obj))
        {
            return LoadFromObject(agent, obj, name, isStrict);
        }

        if (Context.TryAs(provider, out Context context))
        {
            return LoadFromContext(agent, BindingIn(agent, context, name), name);
        }

        return PropertyCell.TryAs(provider, out PropertyCell cell) ? LoadLexical(agent, cell, name) : throw GlobalIC.NotDefined(agent, name);
    }

    public static void StoreResolved(Agent agent, Value provider, Name name, Value value, bool isStrict)
    {
        if (JSObject.TryAs(provider, out JSObject obj))
        {
            StoreToObject(agent, obj, name, value, isStrict);
        }
        else if (Context.TryAs(provider, out Context context))
        {
            StoreToContext(agent, BindingIn(agent, context, name), name, value, isStrict, initializes: false);
        }
        else if (PropertyCell.TryAs(provider, out PropertyCell cell))
        {
            GlobalIC.StoreLexical(agent, cell, name, value);
        }
        else if (isStrict)
        {
            throw GlobalIC.NotDefined(agent, name);
        }
        else
        {
            ObjectOperations.Put(agent, JSObject.Cast(agent.Realm.GlobalObject), new PropertyKey(name), value, strict: false);
        }
    }

    /// <summary>The slot of a binding in the context that was found to hold it.</summary>
    private static Binding BindingIn(Agent agent, Context context, Name name) =>
        FindInScope(context, (Scope)agent.GetSource(context.ScopeInfo.AsInt32)!, new JSString(name.Address).ToClrString(), out Binding binding)
            ? binding
            : throw new InvalidOperationException("a binding left its context");

    /// <summary>delete of an identifier: only what with, eval or the global object provides can go.</summary>
    public static bool Delete(Agent agent, Context context, Name name)
    {
        if (Find(agent, context, name, out Binding binding))
        {
            return binding.Variable is null && ObjectOperations.Delete(agent, binding.Object, new PropertyKey(name));
        }

        return GlobalIC.FindLexical(agent, name).IsNull && ObjectOperations.Delete(agent, JSObject.Cast(agent.Realm.GlobalObject), new PropertyKey(name));
    }

    /// <summary>Does a context slot between here and the variable scope hold the name already?</summary>
    public static bool HasVariable(Agent agent, Context context, Name name) => Find(agent, context, name, out Binding binding) && binding.Variable is not null;

    /// <summary>The object that holds the variables which evals add to the variable scope around a context; null for the global scope.</summary>
    public static JSObject VariableObject(Agent agent, Context context)
    {
        for (Value at = context; Context.TryAs(at, out Context current); at = current.Previous)
        {
            Scope? scope = current.ScopeInfo.IsSmi ? agent.GetSource(current.ScopeInfo.AsInt32) as Scope : null;
            if (scope is { CanBeExtendedByEval: true })
            {
                if (!JSObject.TryAs(current.Extension, out JSObject extension))
                {
                    extension = agent.NewJSObject(Maps.ForPrototype(agent, Map.Cast(agent.Realm.ObjectMap), Value.Null));
                    current.SetExtension(extension);
                }

                return extension;
            }
        }

        return default;
    }
}
