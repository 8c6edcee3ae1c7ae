using System.Globalization;
using System.Numerics;
using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>Puts compiled bytecode on the heap: constants, tables, feedback metadata, shared function infos.</summary>
internal static unsafe class BytecodeFinalizer
{
    /// <summary>Compiles a function if it has no bytecode yet; the parser's work for a lazy function is done here too.</summary>
    /// <exception cref="SyntaxErrorException">Only for nesting that is too deep: all other errors were found by the pre-parser.</exception>
    public static void EnsureCompiled(Agent agent, SharedFunctionInfo shared, Action<string>? sink)
    {
        if (shared.IsCompiled())
        {
            return;
        }

        var literal = (FunctionLiteral)agent.GetSource(shared.FunctionId)!;
        if (literal.IsLazy)
        {
            Parser.ParseLazyFunction(literal);
        }

        BytecodeFunction function = FunctionCompiler.Compile(literal);
        sink?.Invoke(BytecodePrinter.Print(function, shared.DebugName(agent)));
        shared.ExpectedPropertyCount = function.ThisPropertyCount;
        shared.SetFeedbackMetadata(MakeFeedbackMetadata(agent, function));
        shared.SetBytecode(MakeBytecodeArray(agent, function, shared.Script));
    }

    /// <summary>The shared info of a function literal of a script.</summary>
    public static SharedFunctionInfo MakeShared(Agent agent, FunctionLiteral literal, string? name, Value script)
    {
        string text = name ?? literal.Name?.Value ?? "";
        SharedFunctionInfo shared = agent.NewSharedFunctionInfo(agent.StringTable.Internalize(text), script);
        shared.FunctionId = agent.Sources.Add(Script.Cast(script), literal);
        shared.Length = literal.Length;
        shared.FormalParameterCount = literal.ParameterCount;
        shared.StartPosition = literal.SourceStart;
        shared.EndPosition = literal.SourceEnd;
        shared.Flags = (uint)FlagsOf(literal);
        return shared;
    }

    private static FunctionFlags FlagsOf(FunctionLiteral literal)
    {
        FunctionKind kind = literal.FunctionKind;
        FunctionFlags flags = FunctionFlags.None;
        flags |= literal.IsStrict ? FunctionFlags.Strict : 0;
        flags |= kind.IsArrow() ? FunctionFlags.Arrow : 0;
        flags |= kind.IsConciseMethod() ? FunctionFlags.Method : 0;
        flags |= kind is FunctionKind.Getter or FunctionKind.Setter ? FunctionFlags.Accessor : 0;
        flags |= kind.IsGenerator() ? FunctionFlags.Generator : 0;
        flags |= kind.IsAsync() ? FunctionFlags.Async : 0;
        flags |= kind.IsClassConstructor() ? FunctionFlags.ClassConstructor : 0;
        flags |= kind.IsDerivedConstructor() ? FunctionFlags.DerivedConstructor : 0;
        flags |= kind.IsDefaultConstructor() ? FunctionFlags.DefaultConstructor : 0;
        flags |= kind.IsConstructor() ? FunctionFlags.Constructor : 0;
        flags |= kind.HasHomeObject() ? FunctionFlags.NeedsHomeObject : 0;
        flags |= kind.IsTopLevel() ? FunctionFlags.TopLevel : 0;
        return flags;
    }

    private static FeedbackMetadata MakeFeedbackMetadata(Agent agent, BytecodeFunction function)
    {
        FeedbackSlotKind[] kinds = function.FeedbackSlots;
        var metadata = new FeedbackMetadata(agent.Heap.AllocateOld(FeedbackMetadata.SizeFor(kinds.Length)));
        *(ulong*)metadata.Address = ReadOnlyRoots.Address(RootId.FeedbackMetadataMap);
        metadata.Length = kinds.Length;
        metadata.ClosureCount = function.ClosureCount;
        for (int i = 0; i < kinds.Length; i++)
        {
            metadata.Kinds[i] = (byte)kinds[i];
        }

        return metadata;
    }

    /// <summary>The feedback of one closure site: every slot uninitialized.</summary>
    public static FeedbackVector MakeFeedbackVector(Agent agent, SharedFunctionInfo shared)
    {
        FeedbackMetadata metadata = FeedbackMetadata.Cast(shared.FeedbackMetadata);
        FixedArray cells = agent.NewOldFixedArray(metadata.ClosureCount);
        int length = metadata.Length;
        var vector = new FeedbackVector(agent.Heap.AllocateOld(FeedbackVector.SizeFor(length)));
        *(ulong*)vector.Address = ReadOnlyRoots.Address(RootId.FeedbackVectorMap);
        vector.InitShared(shared);
        vector.InitClosureCells(cells);
        vector.InitOptimizedCode(Value.Undefined);
        vector.InitOsrCache(Value.Undefined);
        vector.InitDeoptimizations(Value.Undefined);
        vector.Length = length;
        vector.InvocationCount = 0;
        vector.Budget = agent.Tiering?.InitialBudget ?? int.MaxValue;
        vector.Flags = 0;
        for (int i = 0; i < length; i++)
        {
            vector.InitSlots(i, Untouched(metadata, i));
        }

        return vector;
    }

    /// <summary>Makes a function forget what it learned, as if it had not run; the cells of its inner closures stay.</summary>
    public static void ClearFeedback(FeedbackVector vector)
    {
        FeedbackMetadata metadata = FeedbackMetadata.Cast(vector.Shared.FeedbackMetadata);
        for (int i = 0; i < vector.Length; i++)
        {
            vector.SetSlots(i, Untouched(metadata, i));
        }

        vector.SetDeoptimizations(Value.Undefined);
    }

    /// <summary>Operand kinds start as no bits; everything else as undefined, the uninitialized state.</summary>
    private static Value Untouched(FeedbackMetadata metadata, int slot) =>
        (FeedbackSlotKind)metadata.Kinds[slot] is FeedbackSlotKind.BinaryOp or FeedbackSlotKind.CompareOp ? Value.Zero : Value.Undefined;

    private static BytecodeArray MakeBytecodeArray(Agent agent, BytecodeFunction function, Value script)
    {
        FixedArray constants = agent.NewOldFixedArray(function.Constants.Length);
        for (int i = 0; i < function.Constants.Length; i++)
        {
            constants.SetElements(i, MakeConstant(agent, function.Constants[i], script));
        }

        ByteArray handlers = MakeHandlerTable(agent, function.Handlers);
        ByteArray positions = MakePositionTable(agent, function.Positions);
        var bytecode = new BytecodeArray(agent.Heap.AllocateBytecode(BytecodeArray.SizeFor(function.Bytes.Length)));
        *(ulong*)bytecode.Address = ReadOnlyRoots.Address(RootId.BytecodeArrayMap);
        bytecode.InitConstantPool(constants);
        bytecode.InitHandlerTable(handlers);
        bytecode.InitSourcePositions(positions);
        bytecode.RegisterCount = function.RegisterCount;
        bytecode.ParameterCount = function.ParameterCount;
        bytecode.Flags = unchecked((uint)function.NewTargetRegister);
        bytecode.Length = function.Bytes.Length;
        function.Bytes.CopyTo(new Span<byte>(bytecode.Bytes, function.Bytes.Length));
        return bytecode;
    }

    private static ByteArray MakeHandlerTable(Agent agent, HandlerTableEntry[] handlers)
    {
        var bytes = new byte[handlers.Length * 16];
        var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        for (int i = 0; i < handlers.Length; i++)
        {
            words[i * 4] = handlers[i].Start;
            words[(i * 4) + 1] = handlers[i].End;
            words[(i * 4) + 2] = handlers[i].Handler;
            words[(i * 4) + 3] = handlers[i].ContextRegister;
        }

        return agent.NewByteArray(bytes);
    }

    /// <summary>Pairs of (offset, position), delta-coded as variable-length integers; positions with a sign.</summary>
    private static ByteArray MakePositionTable(Agent agent, SourcePositionEntry[] positions)
    {
        var bytes = new List<byte>();
        int offset = 0;
        int position = 0;
        foreach (SourcePositionEntry entry in positions)
        {
            WriteVariable(bytes, (uint)(entry.Offset - offset));
            int delta = entry.Position - position;
            WriteVariable(bytes, ((uint)delta << 1) ^ (uint)(delta >> 31));
            offset = entry.Offset;
            position = entry.Position;
        }

        return agent.NewByteArray(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    private static void WriteVariable(List<byte> bytes, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    /// <summary>The source position of the instruction at a bytecode offset, or of the last one before it that has one; -1 if none.</summary>
    public static int PositionOf(BytecodeArray bytecode, int bytecodeOffset)
    {
        ByteArray table = bytecode.SourcePositions;
        int at = 0;
        int offset = 0;
        int position = 0;
        int found = -1;
        while (at < table.Length)
        {
            offset += (int)ReadVariable(table, ref at);
            if (offset > bytecodeOffset)
            {
                break;
            }

            uint delta = ReadVariable(table, ref at);
            position += (int)(delta >> 1) ^ -(int)(delta & 1);
            found = position;
        }

        return found;
    }

    private static uint ReadVariable(ByteArray table, ref int at)
    {
        uint value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = table.Bytes[at++];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static Value MakeConstant(Agent agent, in ConstantEntry entry, Value script)
    {
        switch (entry.Kind)
        {
            case ConstantKind.Number:
                return Value.FromDouble(entry.Number);
            case ConstantKind.String:
                return agent.StringTable.Internalize((string)entry.Object!);
            case ConstantKind.JumpTableEntry:
                return Value.FromInt32((int)entry.Number);
            case ConstantKind.TheHole:
                return Value.Hole;
            case ConstantKind.BigInt:
                return agent.NewBigInt(ParseBigInt((string)entry.Object!));
            case ConstantKind.Function:
                return entry.Object is NamedFunction named
                    ? MakeShared(agent, named.Function, named.Name, script)
                    : MakeShared(agent, (FunctionLiteral)entry.Object!, null, script);
            default:
                return MakeDescription(agent, entry.Object!, script);
        }
    }

    /// <summary>The value of a BigInt literal, with its prefix if it has one.</summary>
    public static BigInteger ParseBigInt(string text)
    {
        text = text.Replace("_", "", StringComparison.Ordinal).TrimEnd('n');
        if (text.Length > 2 && text[0] == '0' && !char.IsAsciiDigit(text[1]))
        {
            int radix = char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
            BigInteger value = BigInteger.Zero;
            foreach (char c in text.AsSpan(2))
            {
                value = (value * radix) + Convert.ToInt32(c.ToString(), 16);
            }

            return value;
        }

        return BigInteger.Parse(text, CultureInfo.InvariantCulture);
    }

    private static Value MakeDescription(Agent agent, object description, Value script)
    {
        switch (description)
        {
            case ArrayBoilerplate array:
                return MakeValues(agent, array.Elements, []);
            case ObjectBoilerplateDescription literal:
                FixedArray properties = MakeValues(agent, literal.Values, literal.Names);
                var boilerplate = new ObjectBoilerplate(agent.Heap.AllocateYoung(ObjectBoilerplate.HeaderSize));
                *(ulong*)boilerplate.Address = ReadOnlyRoots.Address(RootId.ObjectBoilerplateMap);
                boilerplate.InitProperties(properties);
                boilerplate.Flags = literal.MoreProperties;
                boilerplate.ElementsKind = 0;
                return boilerplate;
            case TemplateLiteral template:
                FixedArray raw = agent.NewOldFixedArray(template.Raw.Length);
                FixedArray cooked = agent.NewOldFixedArray(template.Raw.Length);
                for (int i = 0; i < template.Raw.Length; i++)
                {
                    raw.SetElements(i, agent.StringTable.Internalize(template.Raw[i]));
                    cooked.SetElements(i, template.Cooked[i] is { } text ? agent.StringTable.Internalize(text) : Value.Undefined);
                }

                var result = new TemplateObjectDescription(agent.Heap.AllocateYoung(TemplateObjectDescription.HeaderSize));
                *(ulong*)result.Address = ReadOnlyRoots.Address(RootId.TemplateObjectDescriptionMap);
                result.InitRawStrings(raw);
                result.InitCookedStrings(cooked);
                return result;
            default:
                // Scopes and declarations stay managed objects, found by number.
                return Value.FromInt32(agent.Sources.Add(Script.Cast(script), description));
        }
    }

    /// <summary>Literal values, each after its name where there are names; the hole for holes, absent for computed values.</summary>
    private static FixedArray MakeValues(Agent agent, object?[] values, string[] names)
    {
        int stride = names.Length > 0 ? 2 : 1;
        FixedArray result = agent.NewOldFixedArray(values.Length * stride);
        for (int i = 0; i < values.Length; i++)
        {
            if (stride == 2)
            {
                result.SetElements(i * 2, agent.StringTable.Internalize(names[i]));
            }

            result.SetElements((i * stride) + stride - 1, MakeLiteralValue(agent, values[i]));
        }

        return result;
    }

    private static Value MakeLiteralValue(Agent agent, object? value) => value switch
    {
        null => Value.Null,
        double number => Value.FromDouble(number),
        string text => agent.StringTable.Internalize(text),
        bool boolean => Value.FromBoolean(boolean),
        _ => ReferenceEquals(value, ArrayBoilerplate.Hole) ? Value.Hole : Value.Absent,
    };
}
