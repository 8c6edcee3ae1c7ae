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

            foreach (Variable variable in scope.Variables)
            {
                if (variable.Location == VariableLocation.Context && variable.Name.Value == text)
                {
                    binding.Context = current;
                    binding.Slot = variable.Index;
                    binding.Variable = variable;
                    return true;
                }
            }

            if (scope.FunctionNameVariable is { Location: VariableLocation.Context } functionName && functionName.Name.Value == text)
            {
                binding.Context = current;
                binding.Slot = functionName.Index;
                binding.Variable = functionName;
                return true;
            }
        }

        return false;
    }

    private static bool IsUnscopable(Agent agent, JSObject obj, PropertyKey key)
    {
        Value unscopables = ObjectOperations.Get(agent, obj, new PropertyKey(Names.SymbolUnscopables));
        return unscopables.IsReceiver && Conversions.ToBoolean(ObjectOperations.Get(agent, new JSObject(unscopables.Bits), key));
    }

    public static Value Load(Agent agent, Context context, Name name, bool insideTypeof) => Load(agent, context, name, insideTypeof, out _);

    /// <summary>The value, and the with object that provided it as the receiver of a call (undefined otherwise).</summary>
    public static Value Load(Agent agent, Context context, Name name, bool insideTypeof, out Value receiver)
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

                return ObjectOperations.Get(agent, binding.Object, new PropertyKey(name));
            }

            Value value = binding.Context.GetSlots(binding.Slot);
            return value.IsHole ? throw GlobalIC.Uninitialized(agent, name) : value;
        }

        PropertyCell lexical = GlobalIC.FindLexical(agent, name);
        if (!lexical.IsNull)
        {
            return lexical.Value.IsHole ? throw GlobalIC.Uninitialized(agent, name) : lexical.Value;
        }

        return GlobalIC.LoadFromObject(agent, JSObject.Cast(agent.Realm.GlobalObject), name, insideTypeof);
    }

    public static void Store(Agent agent, Context context, Name name, Value value, bool isStrict, bool initializes)
    {
        if (Find(agent, context, name, out Binding binding))
        {
            if (binding.Variable is not { } variable)
            {
                ObjectOperations.Put(agent, binding.Object, new PropertyKey(name), value, isStrict);
                return;
            }

            if (!initializes)
            {
                if (binding.Context.GetSlots(binding.Slot).IsHole)
                {
                    throw GlobalIC.Uninitialized(agent, name);
                }

                if (variable.IsConstant)
                {
                    if (variable.Mode != VariableMode.FunctionName || isStrict)
                    {
                        throw agent.TypeError("Assignment to constant variable.");
                    }

                    return;
                }
            }

            binding.Context.SetSlots(binding.Slot, value);
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
