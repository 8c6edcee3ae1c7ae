namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private readonly Dictionary<AstString, int> _exportedNames = [];

    private Statement ParseModuleItem()
    {
        switch (Peek)
        {
            case Token.Import:
                Token ahead = _scanner.PeekAhead().Token;
                if (ahead is Token.LeftParen or Token.Period)
                    break;
                return ParseImportDeclaration();
            case Token.Export:
                return ParseExportDeclaration();
        }

        return ParseStatementListItem();
    }

    private static EmptyStatement Empty(int start, int end) => new(start, end);

    private Statement ParseImportDeclaration()
    {
        int start = PeekPosition;
        Expect(Token.Import);
        if (Peek == Token.String)
        {
            ParseRequest(ImportPhase.Evaluation);
            ExpectSemicolon();
            return Empty(start, EndPosition);
        }

        ImportPhase phase = ParseImportPhase();
        var named = new List<(VariableProxy Local, AstString? Import, bool IsNamespace)>();
        bool needsMore = true;
        if (Peek is not (Token.Mul or Token.LeftBrace))
        {
            VariableProxy local = ParseImportBinding();
            named.Add((local, phase == ImportPhase.Source ? null : WellKnownNames.Default, phase == ImportPhase.Source));
            needsMore = phase == ImportPhase.Evaluation && Check(Token.Comma);
        }

        if (needsMore)
        {
            if (Check(Token.Mul))
            {
                ExpectContextual(WellKnownNames.As);
                named.Add((ParseImportBinding(), null, true));
            }
            else
            {
                ParseNamedImports(named);
            }
        }

        ExpectContextual(WellKnownNames.From);
        int request = ParseRequest(phase);
        ExpectSemicolon();
        foreach ((VariableProxy local, AstString? import, bool isNamespace) in named)
        {
            var entry = new ModuleEntry { LocalName = local.Name, ImportName = import, Request = request, Position = local.Position, Variable = local.Variable };
            if (isNamespace)
            {
                local.Variable.Mode = VariableMode.Const;
                _module!.NamespaceImports.Add(entry);
            }
            else
            {
                _module!.Imports.Add(entry);
            }
        }

        return Empty(start, EndPosition);
    }

    /// <summary><c>import defer * as</c> and <c>import source x from</c>; the words are binding names otherwise.</summary>
    private ImportPhase ParseImportPhase()
    {
        if (PeekContextual(WellKnownNames.Defer) && _scanner.PeekAhead().Token == Token.Mul)
        {
            Advance();
            return ImportPhase.Defer;
        }

        if (PeekContextual(WellKnownNames.Source))
        {
            TokenDescription ahead = _scanner.PeekAhead();
            bool isFrom = ReferenceEquals(ahead.Name, WellKnownNames.From);
            bool isBinding = ahead.Token >= Token.Identifier && ahead.Token < Token.EscapedKeyword;
            if (isBinding && (!isFrom || ReferenceEquals(_scanner.PeekThird().Name, WellKnownNames.From)))
            {
                Advance();
                return ImportPhase.Source;
            }
        }

        return ImportPhase.Evaluation;
    }

    private VariableProxy ParseImportBinding()
    {
        if (!IsIdentifier(Peek))
            throw Unexpected();
        Advance();
        return DeclareImport(_scanner.Current.Name!, Position, EndPosition);
    }

    private VariableProxy DeclareImport(AstString name, int start, int end)
    {
        if (IsEvalOrArguments(name))
            throw Error(start, end, "Unexpected eval or arguments in strict mode");
        var proxy = new VariableProxy(name, start, end);
        Variable variable = DeclareLexical(proxy, VariableMode.Import);

        // The exporting module may not have run yet (cycles).
        variable.HasTemporalDeadZone = true;
        variable.InitializerPosition = int.MaxValue;
        return proxy;
    }

    private void ParseNamedImports(List<(VariableProxy Local, AstString? Import, bool IsNamespace)> named)
    {
        Expect(Token.LeftBrace);
        while (!Check(Token.RightBrace))
        {
            TokenDescription token = _scanner.Next;
            AstString import = ParseModuleExportName();
            if (CheckContextual(WellKnownNames.As))
            {
                named.Add((ParseImportBinding(), import, false));
            }
            else
            {
                if (token.Token == Token.String || !IsIdentifier(token.Token))
                    throw Unexpected(in token);
                named.Add((DeclareImport(import, token.Start, token.End), import, false));
            }

            if (Peek != Token.RightBrace)
                Expect(Token.Comma);
        }
    }

    private AstString ParseModuleExportName()
    {
        if (Peek != Token.String)
            return ParseIdentifierName();
        Advance();
        AstString name = _scanner.StringValue(in _scanner.Current);
        if (!IsWellFormed(name.Value))
            throw ErrorAtCurrent("Invalid module export name: contains unpaired surrogate character");
        return name;
    }

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>ModuleSpecifier and WithClause.</summary>
    /// <returns>Index of the request.</returns>
    private int ParseRequest(ImportPhase phase)
    {
        if (Peek != Token.String)
            throw Unexpected();
        int position = PeekPosition;
        Advance();
        AstString specifier = _scanner.StringValue(in _scanner.Current);
        var attributes = new List<(AstString Key, AstString Value)>();
        if (Check(Token.With))
        {
            Expect(Token.LeftBrace);
            while (!Check(Token.RightBrace))
            {
                int keyStart = PeekPosition;
                AstString key;
                if (Check(Token.String))
                    key = _scanner.StringValue(in _scanner.Current);
                else
                    key = ParseIdentifierName();
                if (attributes.Exists(attribute => ReferenceEquals(attribute.Key, key)))
                    throw Error(keyStart, EndPosition, $"Import attributes has a duplicate key '{key}'");
                Expect(Token.Colon);
                Expect(Token.String);
                attributes.Add((key, _scanner.StringValue(in _scanner.Current)));
                if (Peek != Token.RightBrace)
                    Expect(Token.Comma);
            }
        }

        List<ModuleRequest> requests = _module!.Requests;
        for (int i = 0; i < requests.Count; i++)
        {
            if (ReferenceEquals(requests[i].Specifier, specifier) && requests[i].Phase == phase && HasSameAttributes(requests[i].Attributes, attributes))
                return i;
        }

        requests.Add(new ModuleRequest(specifier, phase, attributes.ToArray(), position));
        return requests.Count - 1;
    }

    private static bool HasSameAttributes((AstString Key, AstString Value)[] first, List<(AstString Key, AstString Value)> second)
    {
        if (first.Length != second.Count)
            return false;
        foreach ((AstString key, AstString value) in first)
        {
            if (!second.Contains((key, value)))
                return false;
        }

        return true;
    }

    private void AddExportName(AstString name, int start, int end)
    {
        if (!_exportedNames.TryAdd(name, start))
            throw Error(start, end, $"Duplicate export of '{name}'");
    }

    private void AddLocalExport(AstString local, AstString export, int start, int end)
    {
        AddExportName(export, start, end);
        _module!.LocalExports.Add(new ModuleEntry { LocalName = local, ExportName = export, Position = start });
    }

    private Statement ParseExportDeclaration()
    {
        int start = PeekPosition;
        Expect(Token.Export);
        switch (Peek)
        {
            case Token.Default:
                return ParseExportDefault(start);
            case Token.Mul:
                ParseExportStar();
                return Empty(start, EndPosition);
            case Token.LeftBrace:
                ParseExportClause();
                return Empty(start, EndPosition);
            case Token.Function or Token.Class or Token.Var or Token.Const or Token.Let:
            case Token.Async when IsAsyncFunction():
                break;
            default:
                throw Unexpected();
        }

        Statement statement = ParseStatementListItem();
        switch (statement)
        {
            case FunctionDeclaration function:
                AddLocalExport(function.Target.Name, function.Target.Name, function.Target.Position, function.Target.End);
                break;
            case ClassDeclaration @class:
                AddLocalExport(@class.Target.Name, @class.Target.Name, @class.Target.Position, @class.Target.End);
                break;
            case VariableDeclaration declaration:
                foreach (Declarator declarator in declaration.Declarators)
                    ExportTargets(declarator.Target);
                break;
        }

        return statement;
    }

    /// <summary>BoundNames of a declared target.</summary>
    private void ExportTargets(Expression? target)
    {
        switch (target)
        {
            case VariableProxy proxy:
                AddLocalExport(proxy.Name, proxy.Name, proxy.Position, proxy.End);
                break;
            case Assignment assignment:
                ExportTargets(assignment.Target);
                break;
            case Spread spread:
                ExportTargets(spread.Expression);
                break;
            case ArrayLiteral array:
                foreach (Expression? element in array.Elements)
                    ExportTargets(element);
                break;
            case ObjectLiteral literal:
                foreach (ObjectProperty property in literal.Properties)
                    ExportTargets(property.Value);
                break;
        }
    }

    private Statement ParseExportDefault(int start)
    {
        Advance();
        int defaultStart = Position;
        int defaultEnd = EndPosition;
        Statement statement;
        AstString local = WellKnownNames.DefaultExport;
        if (Peek == Token.Function || (Peek == Token.Async && IsAsyncFunction()))
        {
            var declaration = (FunctionDeclaration)ParseHoistableDeclaration(isDefaultExport: true);
            local = declaration.Target.Name;
            statement = declaration;
        }
        else if (Peek == Token.Class)
        {
            statement = ParseClassDeclaration(isDefaultExport: true);
            if (statement is ClassDeclaration @class)
                local = @class.Target.Name;
        }
        else
        {
            var proxy = new VariableProxy(local, defaultStart, defaultEnd);
            Variable variable = DeclareLexical(proxy, VariableMode.Let);
            Expression value = ParseAssignmentExpression();
            ExpectSemicolon();
            variable.InitializerPosition = EndPosition;
            statement = new ExportDefault(proxy, value, start, EndPosition);
        }

        AddLocalExport(local, WellKnownNames.Default, defaultStart, defaultEnd);
        return statement;
    }

    private void ParseExportStar()
    {
        Advance();
        int start = PeekPosition;
        AstString? export = null;
        if (CheckContextual(WellKnownNames.As))
        {
            export = ParseModuleExportName();
            AddExportName(export, start, EndPosition);
        }

        ExpectContextual(WellKnownNames.From);
        int request = ParseRequest(ImportPhase.Evaluation);
        ExpectSemicolon();
        var entry = new ModuleEntry { ExportName = export, Request = request, Position = start };
        (export is null ? _module!.StarExports : _module!.IndirectExports).Add(entry);
    }

    private void ParseExportClause()
    {
        Expect(Token.LeftBrace);
        var names = new List<(TokenDescription Token, AstString Local, AstString Export, int Start, int End)>();
        while (!Check(Token.RightBrace))
        {
            TokenDescription token = _scanner.Next;
            AstString local = ParseModuleExportName();
            AstString export = local;
            int start = Position;
            if (CheckContextual(WellKnownNames.As))
            {
                start = PeekPosition;
                export = ParseModuleExportName();
            }

            names.Add((token, local, export, start, EndPosition));
            if (Peek != Token.RightBrace)
                Expect(Token.Comma);
        }

        if (CheckContextual(WellKnownNames.From))
        {
            int request = ParseRequest(ImportPhase.Evaluation);
            ExpectSemicolon();
            foreach (var name in names)
            {
                AddExportName(name.Export, name.Start, name.End);
                _module!.IndirectExports.Add(new ModuleEntry { ImportName = name.Local, ExportName = name.Export, Request = request, Position = name.Start });
            }

            return;
        }

        ExpectSemicolon();
        foreach (var name in names)
        {
            // Without a "from" the names are references to local bindings.
            if (name.Token.Token == Token.String || !IsIdentifier(name.Token.Token))
                throw Unexpected(name.Token);
            AddLocalExport(name.Local, name.Export, name.Start, name.End);
        }
    }

    /// <summary>Finds the bindings of the exports and gives cells to bindings that other modules see.</summary>
    private void FinishModule(Scope scope)
    {
        ModuleDescriptor module = _module!;
        for (int i = 0; i < module.Imports.Count; i++)
        {
            ModuleEntry entry = module.Imports[i];
            entry.CellIndex = -1 - i;
            entry.Variable!.Location = VariableLocation.Module;
            entry.Variable.Index = entry.CellIndex;
        }

        module.ImportCellCount = module.Imports.Count;
        for (int i = 0; i < module.LocalExports.Count; i++)
        {
            ModuleEntry entry = module.LocalExports[i];
            Variable variable = scope.LookupLocal(entry.LocalName!) ??
                throw Error(entry.Position, entry.Position + entry.LocalName!.Length, $"Export '{entry.LocalName}' is not defined in module");
            if (variable.Mode == VariableMode.Import)
            {
                // An export of an imported binding is an indirect export.
                ModuleEntry import = module.Imports.Find(candidate => ReferenceEquals(candidate.Variable, variable))!;
                module.IndirectExports.Add(new ModuleEntry
                {
                    ExportName = entry.ExportName,
                    ImportName = import.ImportName,
                    Request = import.Request,
                    Position = entry.Position,
                });
                module.LocalExports.RemoveAt(i--);
                continue;
            }

            if (variable.Location != VariableLocation.Module)
            {
                variable.Location = VariableLocation.Module;
                variable.Index = ++module.ExportCellCount;
                variable.NeedsHoleInitialization |= variable.HasTemporalDeadZone;
            }

            entry.Variable = variable;
            entry.CellIndex = variable.Index;
        }
    }
}
