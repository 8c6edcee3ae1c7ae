namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    /// <summary>
    /// <c>%Name(arguments)</c>, where natives are allowed. Name and number of arguments are checked at once, also in functions that are
    /// only pre-parsed.
    /// </summary>
    private Expression ParseNativeCall(INativeTable natives)
    {
        int start = PeekPosition;
        Expect(Token.Mod);
        string name = ParseIdentifierName().Value;
        int nameEnd = EndPosition;
        if (!natives.TryFind(name, out int id, out int argumentCount))
            throw Error(start, nameEnd, $"%{name} is not a native function");
        Expect(Token.LeftParen);
        int mark = _expressions.Count;
        int count = 0;
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        while (Peek != Token.RightParen)
        {
            if (Peek == Token.Ellipsis)
                throw ErrorAtNext("Calls of native functions cannot spread arguments");
            Expression argument = ParseAssignmentExpression();
            if (!_pre)
                _expressions.Push(argument);
            count++;
            if (!Check(Token.Comma))
                break;
        }

        _acceptIn = acceptIn;
        Expect(Token.RightParen);
        if (argumentCount >= 0 && count != argumentCount)
            throw Error(start, nameEnd, $"%{name} takes {argumentCount} argument{(argumentCount == 1 ? "" : "s")}, not {count}");
        Expression[] arguments = PopExpressions(mark);
        return _pre ? PreparsedNodes.Other : new NativeCall(id, name, arguments, start, EndPosition);
    }
}
