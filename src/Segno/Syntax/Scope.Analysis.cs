namespace Segno.Syntax;

/// <summary>Resolution of references and allocation of variables, once a function (with everything inside) has been parsed.</summary>
internal sealed partial class Scope
{
    private VariableMap? _globals;

    /// <summary>Scopes directly inside, the newest first, while parsing.</summary>
    internal Scope? FirstInner { get; set; }
    internal Scope? NextSibling { get; private set; }

    /// <summary>References made in this scope, in source order.</summary>
    internal VariableProxy? FirstUnresolved { get; private set; }
    internal VariableProxy? LastUnresolved { get; private set; }

    /// <summary>The function of a function scope or top level, when it is parsed fully.</summary>
    internal FunctionLiteral? Function { get; set; }

    /// <summary>A function scope that only holds the free references of its function.</summary>
    internal bool IsPreparsed { get; set; }

    /// <summary>Locations are final: variables can no longer be added or moved.</summary>
    internal bool IsAllocated { get; private set; }

    /// <summary>The pre-parser found <c>this</c> in the function itself.</summary>
    internal bool UsesThisDirectly { get; set; }

    /// <summary>Offset where the scope starts.</summary>
    internal int Start { get; set; }

    /// <summary>Offset of the opening brace of a class.</summary>
    internal int BodyStart { get; set; }

    /// <summary>The scope of a function declaration, whose closure exists from the start of the scope around it.</summary>
    internal bool IsHoistedFunction { get; set; }

    /// <summary>The scope of a method, constructor or field initializer, directly inside its class scope: runs after the class binding is initialized.</summary>
    internal bool IsClassMember { get; set; }

    /// <summary>Vars declared in blocks inside of this var scope, to be checked against the lexical names of the blocks.</summary>
    internal List<NestedVariable>? NestedVariables { get; set; }

    /// <summary>Annex B.3.3 candidates in blocks inside of this var scope.</summary>
    internal List<SloppyBlockFunction>? SloppyBlockFunctions { get; set; }

    internal readonly record struct NestedVariable(AstString Name, Scope Scope, int Start, int End);

    internal sealed record SloppyBlockFunction(AstString Name, Scope Scope, int Start)
    {
        public FunctionDeclaration? Declaration { get; set; }
    }

    /// <summary>Where the lists of a scope stood when the head of a possible arrow function began.</summary>
    internal readonly record struct Snapshot(Scope? FirstInner, VariableProxy? LastUnresolved, bool CallsEval);

    /// <summary>Links a new scope into the tree of its outer scope.</summary>
    internal void LinkToOuter()
    {
        NextSibling = Outer!.FirstInner;
        Outer.FirstInner = this;
    }

    /// <summary>Drops what parsing left in the lists of a scope that is already allocated.</summary>
    internal void ForgetParsing()
    {
        FirstInner = null;
        FirstUnresolved = LastUnresolved = null;
    }

    internal void AddUnresolved(VariableProxy proxy)
    {
        if (LastUnresolved is null)
            FirstUnresolved = proxy;
        else
            LastUnresolved.NextUnresolved = proxy;
        LastUnresolved = proxy;
    }

    internal Snapshot TakeSnapshot()
    {
        var snapshot = new Snapshot(FirstInner, LastUnresolved, CallsEval);
        CallsEval = false;
        return snapshot;
    }

    internal void DropSnapshot(in Snapshot snapshot) => CallsEval |= snapshot.CallsEval;

    /// <summary>Moves scopes and references made since the snapshot into the scope of the arrow function that they turned out to belong to.</summary>
    internal void Reparent(in Snapshot snapshot, Scope arrow)
    {
        // The arrow's own scope was linked last.
        Scope? inner = arrow.NextSibling;
        Scope? last = null;
        for (Scope? scope = inner; scope != snapshot.FirstInner; scope = scope!.NextSibling)
        {
            scope!.Outer = arrow;
            last = scope;
        }

        if (last is not null)
        {
            last.NextSibling = null;
            arrow.FirstInner = inner;
            arrow.NextSibling = snapshot.FirstInner;
        }

        VariableProxy? first = snapshot.LastUnresolved is null ? FirstUnresolved : snapshot.LastUnresolved.NextUnresolved;
        if (first is not null)
        {
            arrow.FirstUnresolved = first;
            arrow.LastUnresolved = LastUnresolved;
            LastUnresolved = snapshot.LastUnresolved;
            if (LastUnresolved is null)
                FirstUnresolved = null;
            else
                LastUnresolved.NextUnresolved = null;
        }

        arrow.CallsEval = CallsEval;
        CallsEval = snapshot.CallsEval;
    }

    /// <summary>Ends a block: a scope that declares nothing is dissolved into its outer scope.</summary>
    /// <returns>This scope, or null if it is gone.</returns>
    internal Scope? FinalizeBlock()
    {
        Scope outer = Outer!;
        if (_variables is not null || outer.FirstInner != this)
            return this;
        Scope? rest = NextSibling;
        if (FirstInner is { } inner)
        {
            Scope last = inner;
            while (true)
            {
                last.Outer = outer;
                if (last.NextSibling is null)
                    break;
                last = last.NextSibling;
            }

            last.NextSibling = rest;
            rest = inner;
        }

        outer.FirstInner = rest;
        FirstInner = null;
        NextSibling = null;
        if (FirstUnresolved is not null)
        {
            if (outer.LastUnresolved is null)
                outer.FirstUnresolved = FirstUnresolved;
            else
                outer.LastUnresolved.NextUnresolved = FirstUnresolved;
            outer.LastUnresolved = LastUnresolved;
            FirstUnresolved = LastUnresolved = null;
        }

        outer.CallsEval |= CallsEval;
        return null;
    }

    /// <summary>Resolves everything in this scope and inside, and allocates the variables.</summary>
    /// <returns>The reference to an undeclared private name, which is an early error; else null.</returns>
    internal VariableProxy? Analyze()
    {
        PropagateEval();
        VariableProxy? undeclared = ResolveAll();
        if (undeclared is null)
            AllocateAll();
        return undeclared;
    }

    /// <summary>Resolves what a pre-parsed function declares itself; what remains is kept as the free references of this scope.</summary>
    internal void AnalyzePreparsed(FreeReferenceSet free)
    {
        PropagateEval();
        ResolvePreparsed(this, free);
    }

    /// <summary>Turns this function scope into the placeholder of a lazy function.</summary>
    internal void BecomePreparsed(ReadOnlySpan<VariableProxy> free)
    {
        FirstInner = null;
        FirstUnresolved = LastUnresolved = null;
        ForgetDeclarations();
        NestedVariables = null;
        SloppyBlockFunctions = null;
        IsPreparsed = true;
        foreach (VariableProxy proxy in free)
        {
            proxy.NextUnresolved = null;
            AddUnresolved(proxy);
        }
    }

    private void PropagateEval()
    {
        for (Scope? inner = FirstInner; inner is not null; inner = inner.NextSibling)
        {
            if (!inner.IsPreparsed)
                inner.PropagateEval();
            if (inner.CallsEval || inner.InnerScopeCallsEval)
                InnerScopeCallsEval = true;
        }

        if (!CallsEval)
            return;
        if (!IsStrict)
        {
            Scope varScope = GetVarScope();
            if (varScope.Kind is ScopeKind.Function or ScopeKind.Block)
                varScope.CanBeExtendedByEval = true;
        }

        // The code may refer to everything implicit.
        AddEvalReference(WellKnownNames.This);
        AddEvalReference(WellKnownNames.Arguments);
        AddEvalReference(WellKnownNames.NewTarget);
        AddEvalReference(WellKnownNames.ThisFunction);
    }

    private void AddEvalReference(AstString name)
    {
        Scope receiver = GetReceiverScope();
        if (receiver.Kind != ScopeKind.Function)
            return;
        bool exists = ReferenceEquals(name, WellKnownNames.Arguments) ? !receiver.FunctionKind.IsInitializer()
            : !ReferenceEquals(name, WellKnownNames.ThisFunction) || receiver.FunctionKind.HasHomeObject();
        if (exists)
            AddUnresolved(new VariableProxy(name, int.MaxValue, int.MaxValue));
    }

    private VariableProxy? ResolveAll()
    {
        bool isPreparsed = IsPreparsed;
        for (VariableProxy? proxy = FirstUnresolved; proxy is not null;)
        {
            VariableProxy? next = proxy.NextUnresolved;
            proxy.NextUnresolved = null;
            if (!proxy.IsRemovedFromUnresolved && !Resolve(proxy, isPreparsed))
                return proxy;
            proxy = next;
        }

        FirstUnresolved = LastUnresolved = null;
        if (isPreparsed)
            return null;
        for (Scope? inner = FirstInner; inner is not null; inner = inner.NextSibling)
        {
            VariableProxy? undeclared = inner.ResolveAll();
            if (undeclared is not null)
                return undeclared;
        }

        return null;
    }

    /// <summary>Resolves a reference made in this scope, or for a pre-parsed function one that leaves it.</summary>
    private bool Resolve(VariableProxy proxy, bool isFree)
    {
        AstString name = proxy.Name;
        bool isCaptured = false;
        bool isDynamic = false;
        bool isElsewhere = false;
        int position = proxy.Position;
        Scope? closure = null;
        Variable? variable = null;
        Scope scope = this;
        bool skip = isFree;
        while (true)
        {
            if (!skip)
            {
                variable = scope.LookupReference(proxy, isElsewhere);
                if (variable is null && !scope.IsAllocated)
                    variable = scope.DeclareImplicit(name);
                if (variable is not null)
                    break;
                if (scope.CanBeExtendedByEval)
                    isDynamic = true;
                if (scope.FunctionName is not null)
                {
                    variable = scope.LookupFunctionName(name);
                    if (variable is not null)
                        break;
                }
            }

            skip = false;
            if (scope.IsClosureScope)
            {
                isCaptured = true;
                closure = scope;
                if (scope.IsHoistedFunction)
                    position = Math.Min(position, scope.Outer!.Start);
                else if (scope.Kind == ScopeKind.Eval)
                    isElsewhere = true;
            }
            else if (scope.Kind == ScopeKind.With)
            {
                isDynamic = true;
            }

            if (scope.Outer is null)
                break;
            scope = scope.Outer;
        }

        if (name.IsPrivateName)
        {
            if (variable is null)
                return false;
            isDynamic = false;
        }
        else if (variable is null)
        {
            if (ReferenceEquals(name, WellKnownNames.NewTarget) || ReferenceEquals(name, WellKnownNames.ThisFunction))
                return true;
            variable = scope.GetGlobal(name);
        }
        else if (variable.Mode is VariableMode.This or VariableMode.NewTarget or VariableMode.ThisFunction)
        {
            isDynamic = false;
        }

        if (isCaptured || isDynamic)
            variable.IsCaptured = true;
        if (isDynamic)
        {
            variable.IsUsed = true;
            variable.IsAssigned |= proxy.IsAssigned;
            if (variable.HasTemporalDeadZone)
                variable.NeedsHoleInitialization = true;
            variable = new Variable(name, VariableMode.Dynamic, this, proxy.Position) { Location = VariableLocation.Lookup, Shadowed = variable };
            proxy.BindTo(variable);
            return true;
        }

        proxy.BindTo(variable);
        if (variable.HasTemporalDeadZone && NeedsHoleCheck(variable, closure, position, isElsewhere))
        {
            proxy.HoleCheck = HoleCheck.Required;
            variable.NeedsHoleInitialization = true;
        }

        return true;
    }

    /// <summary>The heritage of a class is inside the class scope, but does not see the private names.</summary>
    private Variable? LookupReference(VariableProxy proxy, bool isElsewhere)
    {
        Variable? variable = LookupLocal(proxy.Name);
        return variable is { IsPrivateName: true } && !isElsewhere && proxy.Position < BodyStart ? null : variable;
    }

    /// <summary>
    /// A binding is initialized wherever execution can only come after passing its initializer: at later positions of the same scope,
    /// and in closures created there. A hoisted function counts as created at the start of its scope, eval code anywhere.
    /// </summary>
    private static bool NeedsHoleCheck(Variable variable, Scope? closure, int position, bool isElsewhere)
    {
        if (variable.Mode == VariableMode.This || isElsewhere || variable.Scope.IsNonlinear)
            return true;
        if (variable.Mode == VariableMode.ClassName && closure is { IsClassMember: true } && closure.Outer == variable.Scope)
            return false;
        return position < variable.InitializerPosition;
    }

    private Variable GetGlobal(AstString name)
    {
        _globals ??= new VariableMap();
        if (_globals.Find(name) is { } known)
            return known;
        var variable = new Variable(name, VariableMode.Dynamic, this, 0) { Location = VariableLocation.Global };
        _globals.Add(variable);
        return variable;
    }

    private void ResolvePreparsed(Scope function, FreeReferenceSet free)
    {
        for (VariableProxy? proxy = FirstUnresolved; proxy is not null; proxy = proxy.NextUnresolved)
        {
            if (!proxy.IsRemovedFromUnresolved && !IsDeclaredWithin(function, proxy))
                free.Add(proxy);
        }

        if (IsPreparsed)
            return;
        for (Scope? inner = FirstInner; inner is not null; inner = inner.NextSibling)
            inner.ResolvePreparsed(function, free);
    }

    private bool IsDeclaredWithin(Scope function, VariableProxy proxy)
    {
        AstString name = proxy.Name;
        for (Scope scope = IsPreparsed ? Outer! : this; ; scope = scope.Outer!)
        {
            if (scope.LookupReference(proxy, isElsewhere: false) is not null || scope.DeclareImplicit(name) is not null ||
                (scope.FunctionName is not null && scope.LookupFunctionName(name) is not null))
                return true;
            if (scope == function)
                return false;
        }
    }

    private void AllocateAll()
    {
        if (IsPreparsed)
            return;
        Allocate();
        for (Scope? inner = FirstInner; inner is not null;)
        {
            Scope? next = inner.NextSibling;
            inner.AllocateAll();
            inner.NextSibling = null;
            inner = next;
        }

        FirstInner = null;
        NestedVariables = null;
        SloppyBlockFunctions = null;
    }

    private void Allocate()
    {
        bool isVisibleToEval = CallsEval || InnerScopeCallsEval;
        if (isVisibleToEval && FunctionName is not null && LookupLocal(FunctionName) is null)
            LookupFunctionName(FunctionName);
        bool hasMappedArguments = ArgumentsVariable is not null && !IsStrict && Function is { HasSimpleParameters: true };
        foreach (Variable variable in Variables)
        {
            if (isVisibleToEval)
            {
                variable.IsCaptured = true;
                variable.IsUsed = true;
                variable.IsAssigned = true;
                variable.NeedsHoleInitialization |= variable.HasTemporalDeadZone;
            }

            if (hasMappedArguments && variable.Mode == VariableMode.Parameter)
            {
                variable.IsCaptured = true;
                variable.IsAssigned = true;
            }

            AllocateVariable(variable);
        }

        if (FunctionNameVariable is { } self)
        {
            self.IsCaptured |= isVisibleToEval;
            AllocateVariable(self);
        }

        NeedsContext = ContextSlotCount > 0 || Kind is ScopeKind.With or ScopeKind.Module || CanBeExtendedByEval;
        IsAllocated = true;
        if (Function is { } function && (Kind != ScopeKind.Block))
            RecordUses(function);
    }

    private void AllocateVariable(Variable variable)
    {
        if (variable.Location == VariableLocation.Module)
            return;
        switch (Kind)
        {
            case ScopeKind.Script when variable.Mode != VariableMode.Temporary:
            case ScopeKind.Module or ScopeKind.Eval when variable.Mode == VariableMode.This:
                variable.Location = variable.Mode == VariableMode.This ? VariableLocation.TopLevelThis
                    : variable.IsLexical ? VariableLocation.ScriptLexical : VariableLocation.Global;
                variable.NeedsHoleInitialization |= variable.HasTemporalDeadZone;
                return;
            case ScopeKind.Eval when !IsStrict && !variable.IsLexical && variable.Mode is VariableMode.Var or VariableMode.Function:
                variable.Location = Outer?.GetVarScopeBeyondEval() is null or { Kind: ScopeKind.Script } ? VariableLocation.Global : VariableLocation.Lookup;
                return;
        }

        if (variable.IsCaptured)
        {
            variable.Location = VariableLocation.Context;
            variable.Index = ContextSlotCount++;
        }
        else if (variable.ParameterIndex >= 0)
        {
            variable.Location = VariableLocation.Parameter;
            variable.Index = variable.ParameterIndex;
        }
        else if (variable.Mode == VariableMode.This && !variable.HasTemporalDeadZone)
        {
            variable.Location = VariableLocation.Parameter;
            variable.Index = -1;
        }
        else if (variable.IsUsed || variable.Mode is not (VariableMode.ClassName or VariableMode.Temporary) && !variable.IsPrivateName)
        {
            variable.Location = VariableLocation.Local;
        }
    }

    /// <summary>The var scope that sloppy eval code declares its vars in.</summary>
    private Scope? GetVarScopeBeyondEval()
    {
        Scope? scope = GetVarScope();
        while (scope is { Kind: ScopeKind.Eval, IsStrict: false })
            scope = scope.Outer?.GetVarScope();
        return scope;
    }

    private void RecordUses(FunctionLiteral function)
    {
        function.UsesThis = ThisVariable is not null;
        function.UsesArguments = ArgumentsVariable is not null;
        function.UsesNewTarget = NewTargetVariable is not null;
        function.HasDirectEval = CallsEval || HasEvalInBlocks();
    }

    internal bool HasEvalInBlocks()
    {
        for (Scope? inner = FirstInner; inner is not null; inner = inner.NextSibling)
        {
            if (!inner.IsClosureScope && (inner.CallsEval || inner.HasEvalInBlocks()))
                return true;
        }

        return false;
    }
}
