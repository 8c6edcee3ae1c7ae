namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private readonly List<ExpressionScope> _expressionScopes = [];
    private int _expressionScopeCount;
    private ExpressionScope? _expressionScope;

    private struct ErrorPlace
    {
        public string? Message;
        public int Start;
        public int End;

        public void Set(int start, int end, string message)
        {
            if (Message is not null)
                return;
            Message = message;
            Start = start;
            End = end;
        }

        public void Accumulate(in ErrorPlace other)
        {
            if (Message is null)
                this = other;
        }
    }

    /// <summary>The three ways a cover grammar can go wrong.</summary>
    private struct CoverErrors
    {
        /// <summary>Why it is no expression: <c>{a = 1}</c>.</summary>
        public ErrorPlace Expression;

        /// <summary>Why it is no assignment pattern.</summary>
        public ErrorPlace Pattern;

        /// <summary>Why it is no binding pattern, so no parameter list either.</summary>
        public ErrorPlace Binding;
    }

    private enum ExpressionScopeKind : byte
    {
        Expression,
        MaybeArrow,
        MaybeAsyncArrow,
    }

    /// <summary>An expression whose meaning may still be open.</summary>
    private sealed class ExpressionScope
    {
        public ExpressionScopeKind Kind;
        public CoverErrors Errors;

        /// <summary>Start of this scope's part of <see cref="_tracked"/>.</summary>
        public int TrackedMark;

        // As a list of arrow parameters:
        public int ParameterCount;
        public int Length;
        public bool HasInitializer;
        public bool HasRest;
        public bool IsNonSimple;
    }

    private ExpressionScope PushExpressionScope(ExpressionScopeKind kind)
    {
        if (_expressionScopeCount == _expressionScopes.Count)
            _expressionScopes.Add(new ExpressionScope());
        ExpressionScope scope = _expressionScopes[_expressionScopeCount++];
        scope.Kind = kind;
        scope.Errors = default;
        scope.TrackedMark = _tracked.Count;
        if (kind != ExpressionScopeKind.Expression)
        {
            scope.ParameterCount = scope.Length = 0;
            scope.HasInitializer = scope.HasRest = scope.IsNonSimple = false;
        }

        _expressionScope = scope;
        return scope;
    }

    private void PopExpressionScope()
    {
        ExpressionScope scope = _expressionScopes[--_expressionScopeCount];
        if (_tracked.Count > scope.TrackedMark)
            _tracked.Truncate(scope.TrackedMark);
        _expressionScope = _expressionScopeCount > 0 ? _expressionScopes[_expressionScopeCount - 1] : null;
    }

    private void ValidateExpression()
    {
        if (_expressionScope!.Errors.Expression.Message is not null)
            throw Error(_expressionScope.Errors.Expression);
    }

    /// <summary>The expression that began at the offset is an assignment pattern: its identifiers are written.</summary>
    private void ValidatePattern(int start)
    {
        ExpressionScope scope = _expressionScope!;
        if (scope.Errors.Pattern.Message is not null)
            throw Error(scope.Errors.Pattern);
        scope.Errors.Expression.Message = null;
        for (int i = _tracked.Count - 1; i >= scope.TrackedMark; i--)
        {
            VariableProxy proxy = _tracked[i];
            if (proxy.Position < start)
                break;
            proxy.IsAssigned = true;
        }
    }

    /// <summary>
    /// The element that began at the offset is a property, so a valid target: literals inside of it are expressions, whatever patterns
    /// they would have made.
    /// </summary>
    private void ValidateProperty(int start)
    {
        ValidateExpression();
        _expressionScope!.Errors.Pattern.Message = null;
        RecordBindingError(start, EndPosition, "Illegal property in declaration context");
    }

    private void RecordPatternError(int start, int end, string message)
    {
        ExpressionScope scope = _expressionScope!;
        scope.Errors.Pattern.Set(start, end, message);
        scope.Errors.Binding.Set(start, end, message);
    }

    private void RecordBindingError(int start, int end, string message) => _expressionScope!.Errors.Binding.Set(start, end, message);

    private void RecordExpressionError(int start, int end, string message) => _expressionScope!.Errors.Expression.Set(start, end, message);

    /// <summary>A yield or await expression: none of the parameter lists that may be open here can be one.</summary>
    private void RecordParameterInitializerError(int start, int end, string message)
    {
        if (_function.IsInParameters)
            throw Error(start, end, message);
        for (int i = _function.ExpressionScopeBase; i < _expressionScopeCount; i++)
        {
            if (_expressionScopes[i].Kind != ExpressionScopeKind.Expression)
                _expressionScopes[i].Errors.Binding.Set(start, end, message);
        }
    }

    /// <summary><c>await</c> as an identifier: an error if some list around is the head of an async arrow.</summary>
    private void RecordAsyncArrowError(int start, int end)
    {
        for (int i = _function.ExpressionScopeBase; i < _expressionScopeCount; i++)
        {
            if (_expressionScopes[i].Kind == ExpressionScopeKind.MaybeAsyncArrow)
                _expressionScopes[i].Errors.Binding.Set(start, end, "Can not use 'await' as identifier inside an async function");
        }
    }

    private VariableProxy NewProxy(AstString name, int start, int end)
    {
        var proxy = new VariableProxy(name, start, end);
        _scope.AddUnresolved(proxy);
        if (_expressionScopeCount > 0)
            _tracked.Push(proxy);
        return proxy;
    }

    /// <summary>A reference that no pattern can contain: <c>this</c> and the like.</summary>
    private VariableProxy NewImplicitProxy(AstString name, int start, int end)
    {
        var proxy = new VariableProxy(name, start, end);
        _scope.AddUnresolved(proxy);
        return proxy;
    }
}
