using Segno.MachineCode;

namespace Segno.Backend;

internal sealed class X64Target : ITarget
{
    private readonly X64InstructionSelector _selector = new();
    private readonly X64CodeEmitter _emitter = new();

    public void Select(MachineGraph graph, BlockOrder order, Lir lir, StubKind kind) => _selector.Select(graph, order, lir, kind);

    public EmittedCode Emit(
        Lir lir, MachineGraph graph, LinearScan allocation, StubDescriptor descriptor, bool listing, Func<int, string?>? rootNames)
    {
        _emitter.Emit(lir, graph, allocation, descriptor, listing, rootNames);
        return new EmittedCode
        {
            Bytes = _emitter.Assembler.Code.ToArray(),
            Relocations = _emitter.Assembler.Relocations.ToArray(),
            Safepoints = _emitter.MakeSafepointTable(),
            HasFrame = _emitter.HasFrame,
            Listing = _emitter.ListingText,
            Sites = _emitter.Sites,
            SiteValues = _emitter.SiteValues,
            ConstantSlotCount = _emitter.ConstantSlotCount,
        };
    }

    public string NameOf(in LirInstruction instruction)
    {
        X64Op opcode = (X64Op)instruction.Opcode;
        return opcode is X64Op.Binary or X64Op.Unary or X64Op.Convert or X64Op.Compare or X64Op.Store or X64Op.StoreImmediate
            ? EncodingTable.Get((Instruction)instruction.Row).Mnemonic
            : opcode.ToString().ToLowerInvariant();
    }
}
