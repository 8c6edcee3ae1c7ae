using System.Runtime.InteropServices;
using Segno.Backend;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;

namespace Segno.Interpreter;

/// <summary>The stubs: all are there before the first engine, from the code image or generated.</summary>
internal sealed unsafe partial class HandlerTables
{
    /// <summary>The number of the table of sizes in the code image.</summary>
    private const int SizeTable = 0;

    /// <summary>Takes all stubs from the code image.</summary>
    private void LoadStubs(CodeImage image, byte[] sizeTable)
    {
        ulong sizes = (ulong)KeepForever(sizeTable);
        for (int i = 0; i < _stubs.Length; i++)
        {
            if (image.Find(CodeImageSection.Stubs, i) is { } block)
            {
                _stubs[i] = (ulong)Publish(block, sizes);
                if (i == (int)StubId.Entry)
                {
                    SetUnwinder(block.Mark);
                }
            }
        }
    }

    private void MakeStubs()
    {
        int entryResume = 0;
        Macro(StubId.Entry, masm => entryResume = MachineStubs.Entry(masm), () => entryResume);
        SetUnwinder(entryResume);
        Macro(StubId.Exit, MachineStubs.Exit);
        Macro(StubId.Unwind, MachineStubs.Unwind);
        Macro(StubId.ResumeInterpreter, MachineStubs.ResumeInterpreter);
        Macro(StubId.AdaptArguments, UnoptimizedFrames.AdaptArguments);
        Macro(StubId.EnterInterpreter, MachineStubs.Dispatch);
        Macro(StubId.ResumeBaseline, MachineStubs.ResumeBaseline);
        Macro(StubId.InterpreterEntry, static masm => MachineStubs.InterpreterEntry(masm, (int)Runtime.RuntimeId.StackGuard));
        Macro(StubId.CompileLazy, static masm => MachineStubs.CompileLazy(masm, (int)Runtime.RuntimeId.CompileLazy));
        Macro(StubId.BuiltinEntry, static masm => MachineStubs.BuiltinEntry(masm, RuntimeSlot.Builtin));
        Macro(StubId.CallNonFunction, static masm => MachineStubs.BuiltinEntry(masm, RuntimeSlot.CallNonFunction));
        Macro(StubId.PushArgumentsThenCall, static masm => MachineStubs.PushArguments(masm, listHasReceiver: true, constructs: false));
        Macro(StubId.PushUndefinedAndArgumentsThenCall, static masm => MachineStubs.PushArguments(masm, listHasReceiver: false, constructs: false));
        Macro(StubId.PushArgumentsThenConstruct, static masm => MachineStubs.PushArguments(masm, listHasReceiver: true, constructs: true));
        Macro(StubId.Call0, static masm => MachineStubs.CallFixed(masm, 0));
        Macro(StubId.Call1, static masm => MachineStubs.CallFixed(masm, 1));
        Macro(StubId.Call2, static masm => MachineStubs.CallFixed(masm, 2));
        Macro(StubId.WriteBarrier, MachineStubs.WriteBarrier);
        Macro(StubId.NumberToInt32, MachineStubs.NumberToInt32);
        Macro(StubId.FunctionPrototypeCall, MachineStubs.FunctionPrototypeCall);
        Macro(StubId.FunctionPrototypeApply, MachineStubs.FunctionPrototypeApply);
        Macro(StubId.ReturnFromBuiltin, MachineStubs.PopArgumentsAndReturn);
        Macro(StubId.InterpreterReturn, MachineStubs.InterpreterReturn);
        Macro(StubId.MissingHandler, static masm => MachineStubs.MissingHandler(masm, 1));
        Macro(StubId.MissingWideHandler, static masm => MachineStubs.MissingHandler(masm, 2));
        Macro(StubId.MissingExtraWideHandler, static masm => MachineStubs.MissingHandler(masm, 4));

        Macro(StubId.CallAny, MachineStubs.CallAny);
        Macro(StubId.FunctionStackGuard, static masm => MachineStubs.FunctionStackGuard(masm, (int)Runtime.RuntimeId.StackGuard));
        const int Finish = (int)Runtime.RuntimeId.FinishDeoptimization;
        Macro(StubId.DeoptimizationEntry, static masm => DeoptimizationStubs.Entry(masm, RuntimeSlot.Deoptimize, Finish));
        Macro(StubId.LazyDeoptimizationEntry, static masm => DeoptimizationStubs.Entry(masm, RuntimeSlot.DeoptimizeLazily, Finish));
        Macro(StubId.DeoptimizeForException, static masm => DeoptimizationStubs.ForException(masm, Finish));
        Macro(StubId.ResumeAtBytecode, DeoptimizationStubs.ResumeAtBytecode);
        ReadOnlySpan<byte> table = MakeSizeTable();
        CodeImageWriter.Current?.Add(CodeImageSection.Data, SizeTable, new CodeImageBlock(table.ToArray(), [], [], SafepointTable.Empty));
        nint sizes = KeepForever(table);
        Macro(StubId.ResumeAfterCall, masm => DeoptimizationStubs.ResumeAfterCall(masm, sizes, (int)Opcode.Construct, (int)Opcode.ConstructWithSpread), null, (ulong)sizes);

        StubParameter[] fourTagged = [.. RegisterConvention.RuntimeArguments.Select(static r => new StubParameter(r, Representation.Tagged))];
        Stub(StubId.LoadICSlow, fourTagged, Handlers.LoadICSlow);
        StubParameter[] withValue = [.. fourTagged, new StubParameter(MachineCode.Register.R9, Representation.Tagged)];
        Stub(StubId.StoreICSlow, withValue, static a => Handlers.StoreICSlow(a, Segno.Runtime.RuntimeId.StoreICMiss));
        Stub(StubId.DefineNamedOwnSlow, withValue, static a => Handlers.StoreICSlow(a, Segno.Runtime.RuntimeId.DefineNamedOwnMiss));
        Stub(StubId.AddStrings, fourTagged, Handlers.AddStrings);
        Stub(StubId.NumberToString, [fourTagged[0]], Handlers.NumberToString);
        Stub(StubId.LoadICAny, fourTagged, Handlers.LoadICAny);
        Stub(StubId.StoreICAny, withValue, static a => Handlers.StoreICAny(a, StubId.StoreICSlow, Segno.Runtime.RuntimeId.StoreICMiss));
        Stub(StubId.DefineNamedOwnAny, withValue, static a => Handlers.StoreICAny(a, StubId.DefineNamedOwnSlow, Segno.Runtime.RuntimeId.DefineNamedOwnMiss));
        Stub(StubId.KeyedLoadAny, fourTagged, Handlers.KeyedLoadAny);
        Stub(StubId.KeyedStoreAny, withValue, Handlers.KeyedStoreAny);
        Stub(StubId.GrowElements, [fourTagged[0]], Handlers.GrowElements);
        Stub(StubId.ToBoolean, [fourTagged[0]], Handlers.ToBooleanStub);
        Stub(StubId.EqualAny, fourTagged, static a => Handlers.EqualAny(a, Segno.Runtime.RuntimeId.Equal));
        Stub(StubId.StrictEqualAny, fourTagged, static a => Handlers.EqualAny(a, Segno.Runtime.RuntimeId.StrictEqual));
    }

    /// <summary>For each opcode the sizes of its instruction at the three widths, without a prefix.</summary>
    private static byte[] MakeSizeTable()
    {
        var table = new byte[TableLength * 4];
        for (int i = 0; i < Bytecodes.Count; i++)
        {
            table[i * 4] = (byte)Bytecodes.Info((Opcode)i).SizeInBytes(OperandScale.Single);
            table[(i * 4) + 1] = (byte)Bytecodes.Info((Opcode)i).SizeInBytes(OperandScale.Double);
            table[(i * 4) + 2] = (byte)Bytecodes.Info((Opcode)i).SizeInBytes(OperandScale.Quadruple);
        }

        return table;
    }

    /// <summary>A table that code reads: it lives as long as the process.</summary>
    private static nint KeepForever(ReadOnlySpan<byte> table)
    {
        void* memory = NativeMemory.Alloc((nuint)table.Length);
        table.CopyTo(new Span<byte>(memory, table.Length));
        return (nint)memory;
    }

    private void SetUnwinder(int entryResume)
    {
        Unwinder.Registry = Registry;
        Unwinder.EntryResumeAddress = _stubs[(int)StubId.Entry] + (ulong)entryResume;
    }

    private void Stub(StubId id, StubParameter[] parameters, Action<CodeStubAssembler> emit)
    {
        var assembler = new CodeStubAssembler(Compiler, new StubDescriptor(id.ToString(), StubKind.Stub, parameters) { FrameMarker = (int)FrameKind.Stub });
        emit(assembler);
        _stubs[(int)id] = (ulong)Publish(assembler.Generate(), CodeKind.Stub, CodeImageSection.Stubs, (int)id);
    }

    /// <param name="id">The stub.</param>
    /// <param name="emit">Writes its code.</param>
    /// <param name="mark">What is to be remembered of it, known when it has been written.</param>
    /// <param name="addresses">The addresses of the process that it holds.</param>
    private void Macro(StubId id, Action<MacroAssembler> emit, Func<int>? mark = null, params ReadOnlySpan<ulong> addresses)
    {
        var masm = new MacroAssembler();
        emit(masm);
        Span<Relocation> relocations = CollectionsMarshal.AsSpan(masm.Relocations);
        nint address = _memory.Publish(masm.Code, relocations);
        var info = new CodeInfo(id.ToString(), CodeKind.MacroStub, address, masm.Position, SafepointTable.Empty);
        Registry.Register(info);
        Add(info);
        CodeImageWriter.Current?.Add(CodeImageSection.Stubs, (int)id, CodeImageWriter.WithoutAddresses(info.Name, masm.Code, relocations, mark?.Invoke() ?? 0, addresses));
        _stubs[(int)id] = (ulong)address;
    }
}
