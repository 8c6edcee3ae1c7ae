using Segno.MachineCode;
using Op = Segno.Backend.MachineOpcode;
using Rep = Segno.Backend.Representation;

namespace Segno.Backend;

/// <summary>
/// Loads, stores, atomics, pinned registers. A base is any Tagged, RawPtr, InteriorPtr or Word64 node; the second form takes an index
/// of 64 bits scaled by 1, 2, 4 or 8. Offsets are in bytes.
/// </summary>
internal partial class CodeStubAssembler
{
    public TNode<Tagged> LoadTagged(Node address, int offset) => Load<Tagged>(Op.LoadWord64, Rep.Tagged, address, offset);

    public TNode<Tagged> LoadTagged(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Tagged>(Op.LoadWord64, Rep.Tagged, address, index, scale, offset);

    public TNode<Word64> LoadWord64(Node address, int offset) => Load<Word64>(Op.LoadWord64, Rep.Word64, address, offset);

    public TNode<Word64> LoadWord64(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Word64>(Op.LoadWord64, Rep.Word64, address, index, scale, offset);

    public TNode<RawPtr> LoadRaw(Node address, int offset) => Load<RawPtr>(Op.LoadWord64, Rep.RawPointer, address, offset);

    public TNode<RawPtr> LoadRaw(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<RawPtr>(Op.LoadWord64, Rep.RawPointer, address, index, scale, offset);

    public TNode<Word32> LoadWord32(Node address, int offset) => Load<Word32>(Op.LoadWord32, Rep.Word32, address, offset);

    public TNode<Word32> LoadWord32(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Word32>(Op.LoadWord32, Rep.Word32, address, index, scale, offset);

    public TNode<Word32> LoadUint8(Node address, int offset) => Load<Word32>(Op.LoadUint8, Rep.Word32, address, offset);

    public TNode<Word32> LoadUint8(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Word32>(Op.LoadUint8, Rep.Word32, address, index, scale, offset);

    public TNode<Word32> LoadInt8(Node address, int offset) => Load<Word32>(Op.LoadInt8, Rep.Word32, address, offset);

    public TNode<Word32> LoadInt8(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Word32>(Op.LoadInt8, Rep.Word32, address, index, scale, offset);

    public TNode<Word32> LoadUint16(Node address, int offset) => Load<Word32>(Op.LoadUint16, Rep.Word32, address, offset);

    public TNode<Word32> LoadUint16(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Word32>(Op.LoadUint16, Rep.Word32, address, index, scale, offset);

    public TNode<Word32> LoadInt16(Node address, int offset) => Load<Word32>(Op.LoadInt16, Rep.Word32, address, offset);

    public TNode<Word32> LoadInt16(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Word32>(Op.LoadInt16, Rep.Word32, address, index, scale, offset);

    public TNode<Float64> LoadFloat64(Node address, int offset) => Load<Float64>(Op.LoadFloat64, Rep.Float64, address, offset);

    public TNode<Float64> LoadFloat64(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Float64>(Op.LoadFloat64, Rep.Float64, address, index, scale, offset);

    /// <summary>A 32-bit float from memory, widened.</summary>
    public TNode<Float64> LoadFloat32(Node address, TNode<Word64> index, int scale, int offset) =>
        Load<Float64>(Op.LoadFloat32, Rep.Float64, address, index, scale, offset);

    /// <summary>Sign-extends 32 bits from memory to 64.</summary>
    public TNode<Word64> LoadInt32ToIntPtr(Node address, int offset) => ChangeInt32ToIntPtr(LoadWord32(address, offset));

    public void StoreTagged(Node address, int offset, TNode<Tagged> value) => Store(Op.StoreWord64, address, offset, value);

    public void StoreTagged(Node address, TNode<Word64> index, int scale, int offset, TNode<Tagged> value) =>
        Store(Op.StoreWord64, address, index, scale, offset, value);

    public void StoreWord64(Node address, int offset, TNode<Word64> value) => Store(Op.StoreWord64, address, offset, value);

    public void StoreWord64(Node address, TNode<Word64> index, int scale, int offset, TNode<Word64> value) =>
        Store(Op.StoreWord64, address, index, scale, offset, value);

    public void StoreRaw(Node address, int offset, TNode<RawPtr> value) => Store(Op.StoreWord64, address, offset, value);

    public void StoreRaw(Node address, TNode<Word64> index, int scale, int offset, TNode<RawPtr> value) =>
        Store(Op.StoreWord64, address, index, scale, offset, value);

    public void StoreWord32(Node address, int offset, TNode<Word32> value) => Store(Op.StoreWord32, address, offset, value);

    public void StoreWord32(Node address, TNode<Word64> index, int scale, int offset, TNode<Word32> value) =>
        Store(Op.StoreWord32, address, index, scale, offset, value);

    public void StoreWord16(Node address, int offset, TNode<Word32> value) => Store(Op.StoreWord16, address, offset, value);

    public void StoreWord16(Node address, TNode<Word64> index, int scale, int offset, TNode<Word32> value) =>
        Store(Op.StoreWord16, address, index, scale, offset, value);

    public void StoreWord8(Node address, int offset, TNode<Word32> value) => Store(Op.StoreWord8, address, offset, value);

    public void StoreWord8(Node address, TNode<Word64> index, int scale, int offset, TNode<Word32> value) =>
        Store(Op.StoreWord8, address, index, scale, offset, value);

    public void StoreFloat64(Node address, int offset, TNode<Float64> value) => Store(Op.StoreFloat64, address, offset, value);

    public void StoreFloat64(Node address, TNode<Word64> index, int scale, int offset, TNode<Float64> value) =>
        Store(Op.StoreFloat64, address, index, scale, offset, value);

    /// <summary>Rounds to 32 bits on the way to memory.</summary>
    public void StoreFloat32(Node address, TNode<Word64> index, int scale, int offset, TNode<Float64> value) =>
        Store(Op.StoreFloat32, address, index, scale, offset, value);

    /// <summary>
    /// Stores a value into a heap object and tells the collector where that may make an old-to-young reference. The filter: the
    /// value is a cell, the host's page is old, and, apart from the code that goes on, the value's page is young. The stub behind it preserves all registers but its arguments.
    /// </summary>
    public void StoreWithBarrier(TNode<Tagged> host, int offset, TNode<Tagged> value, bool isCell = false)
    {
        StoreTagged(host, offset, value);
        Barrier(host, () => InteriorPointer(host, offset), value, isCell);
    }

    public void StoreWithBarrier(TNode<Tagged> host, TNode<Word64> index, int scale, int offset, TNode<Tagged> value, bool isCell = false)
    {
        StoreTagged(host, index, scale, offset, value);
        Barrier(host, () => InteriorPointer(host, index, scale, offset), value, isCell);
    }

    private void Barrier(TNode<Tagged> host, Func<TNode<InteriorPtr>> slot, TNode<Tagged> value, bool isCell)
    {
        BackendConfiguration c = Configuration;
        CsaLabel done = new("barrier.done");
        CsaLabel isOld = new("barrier.old", LabelFlags.Deferred);
        CsaLabel record = new("barrier.record", LabelFlags.Deferred);
        if (!isCell)
        {
            GotoIfNot(IsCell(value), done);
        }

        // Most objects that are stored to are young. What follows for the others lies apart, so that stores stay short.
        GotoIf(Word32Equal(Word32And(LoadUint8(PageOf(host), c.PageFlagsOffset), Int32Constant(c.PageIsYoungFlag)), Int32Constant(0)), isOld);
        Goto(done);
        Bind(isOld);
        GotoIf(Word32NotEqual(Word32And(LoadUint8(PageOf(value), c.PageFlagsOffset), Int32Constant(c.PageIsYoungFlag)), Int32Constant(0)), record);
        Goto(done);
        Bind(record);
        CallSite site = new() { Descriptor = s_barrierCall, Target = CallTarget.Slot, Offset = c.WriteBarrier.Offset, Name = c.WriteBarrier.Name };
        _b.Call(site, Rep.None, [host, slot()]);
        Goto(done);
        Bind(done);
    }

    private static readonly CallDescriptor s_barrierCall =
        new(CallFlags.None, Rep.None, RegisterConvention.BarrierObject, RegisterConvention.BarrierSlot)
        {
            Clobbered = (1u << (int)RegisterConvention.BarrierObject) | (1u << (int)RegisterConvention.BarrierSlot),
        };

    /// <summary>The header of the page that holds the start of an object.</summary>
    public TNode<InteriorPtr> PageOf(TNode<Tagged> value) =>
        new(_b.Binary(Op.Int64And, value.Id, _b.Int64Constant(-(1L << Configuration.PageSizeLog2)), Rep.Interior));

    /// <summary>
    /// An object that was allocated together with another, at a distance behind it; before the first of them can move. From then on they move
    /// apart, so the address has a register of its own and is never made of the other's again.
    /// </summary>
    public TNode<Tagged> ObjectBehind(TNode<Tagged> first, int offset) =>
        new(_b.Unary(Op.Bitcast, InteriorPointer(first, offset).Id, Rep.Tagged));

    /// <summary>The address of a field; it must not be live across a safepoint (BACK-2).</summary>
    public TNode<InteriorPtr> InteriorPointer(TNode<Tagged> value, int offset) =>
        new(_b.Binary(Op.Int64Add, value.Id, _b.Int64Constant(offset), Rep.Interior));

    public TNode<InteriorPtr> InteriorPointer(TNode<Tagged> value, TNode<Word64> index, int scale, int offset) =>
        new(_b.Load(Op.LoadEffectiveAddress, Rep.Interior, value.Id, index.Id, ScaleLog2(scale), offset));

    /// <summary>An address outside the heap: base + index * scale + offset.</summary>
    public TNode<RawPtr> RawPtrAdd(TNode<RawPtr> address, TNode<Word64> index, int scale = 1, int offset = 0) =>
        new(_b.Load(Op.LoadEffectiveAddress, Rep.RawPointer, address.Id, index.Id, ScaleLog2(scale), offset));

    public TNode<RawPtr> RawPtrAdd(TNode<RawPtr> address, int offset) =>
        new(_b.Binary(Op.Int64Add, address.Id, _b.Int64Constant(offset), Rep.RawPointer));

    public TNode<Word64> RawPtrSub(TNode<RawPtr> left, TNode<RawPtr> right) => Binary<Word64>(Op.Int64Sub, left, right);

    // ---- Thread block and pinned registers ----

    public TNode<RawPtr> RootRegister() => Pinned(RegisterConvention.Root);

    public TNode<Tagged> LoadRootField(int offset) => LoadTagged(RootRegister(), offset);

    /// <summary>Whether the realm's protector says that no prototype has elements: a missing element is simply added.</summary>
    public TNode<Bool> NoElementsOnPrototypes()
    {
        TNode<Tagged> protector = LoadTagged(LoadRootField(Layouts.ThreadBlock.NativeContextOffset), Layouts.NativeContext.NoElementsProtectorOffset);
        return TaggedEqual(LoadTagged(protector, Layouts.Cell.ValueOffset), TrueConstant());
    }

    public TNode<RawPtr> LoadRootRaw(int offset) => LoadRaw(RootRegister(), offset);

    public TNode<Word64> LoadRootWord64(int offset) => LoadWord64(RootRegister(), offset);

    public TNode<Word32> LoadRootWord32(int offset) => LoadWord32(RootRegister(), offset);

    public void StoreRootField(int offset, TNode<Tagged> value) => StoreTagged(RootRegister(), offset, value);

    public void StoreRootRaw(int offset, TNode<RawPtr> value) => StoreRaw(RootRegister(), offset, value);

    public void StoreRootWord64(int offset, TNode<Word64> value) => StoreWord64(RootRegister(), offset, value);

    public void StoreRootWord32(int offset, TNode<Word32> value) => StoreWord32(RootRegister(), offset, value);

    public TNode<RawPtr> BytecodePc() => Pinned(RegisterConvention.BytecodePc);

    public void SetBytecodePc(TNode<RawPtr> value) => _b.WritePinned(RegisterConvention.BytecodePc, value.Id);

    public TNode<RawPtr> DispatchTable() => Pinned(RegisterConvention.DispatchTable);

    public void SetDispatchTable(TNode<RawPtr> value) => _b.WritePinned(RegisterConvention.DispatchTable, value.Id);

    public TNode<RawPtr> FramePointer() => Pinned(RegisterConvention.FramePointer);

    /// <summary>Only right before the end of a handler that leaves its frame.</summary>
    public void SetFramePointer(TNode<RawPtr> value) => _b.WritePinned(RegisterConvention.FramePointer, value.Id);

    public TNode<RawPtr> StackPointer() => Pinned(RegisterConvention.StackPointer);

    /// <summary>Only right before the end of a handler: no spill slot may be read or written afterwards.</summary>
    public void SetStackPointer(TNode<RawPtr> value) => _b.WritePinned(RegisterConvention.StackPointer, value.Id);

    /// <summary>The number tag as a value of 64 bits, free of charge.</summary>
    public TNode<Word64> NumberTag() => new(_b.ReadPinned(RegisterConvention.NumberTag, Rep.Word64));

    public TNode<Word64> NotCellMask() => new(_b.ReadPinned(RegisterConvention.NotCellMask, Rep.Word64));

    private TNode<RawPtr> Pinned(Register register) => new(_b.ReadPinned(register, Rep.RawPointer));

    // ---- Atomics: sequentially consistent, the result is the old value ----

    public TNode<Word64> AtomicCompareExchange64(Node address, int offset, TNode<Word64> expected, TNode<Word64> replacement) =>
        new(_b.Atomic(Op.CompareExchangeWord64, Rep.Word64, address.Id, offset, expected.Id, replacement.Id));

    public TNode<Word32> AtomicCompareExchange32(Node address, int offset, TNode<Word32> expected, TNode<Word32> replacement) =>
        new(_b.Atomic(Op.CompareExchangeWord32, Rep.Word32, address.Id, offset, expected.Id, replacement.Id));

    public TNode<Word64> AtomicExchange64(Node address, int offset, TNode<Word64> value) =>
        new(_b.Atomic(Op.ExchangeWord64, Rep.Word64, address.Id, offset, value.Id, OpId.None));

    public TNode<Word32> AtomicExchange32(Node address, int offset, TNode<Word32> value) =>
        new(_b.Atomic(Op.ExchangeWord32, Rep.Word32, address.Id, offset, value.Id, OpId.None));

    public TNode<Word64> AtomicAdd64(Node address, int offset, TNode<Word64> value) =>
        new(_b.Atomic(Op.FetchAddWord64, Rep.Word64, address.Id, offset, value.Id, OpId.None));

    public TNode<Word32> AtomicAdd32(Node address, int offset, TNode<Word32> value) =>
        new(_b.Atomic(Op.FetchAddWord32, Rep.Word32, address.Id, offset, value.Id, OpId.None));

    private TNode<T> Load<T>(Op opcode, Rep representation, Node address, int offset)
        where T : class => new(_b.Load(opcode, representation, address.Id, OpId.None, 0, offset));

    private TNode<T> Load<T>(Op opcode, Rep representation, Node address, TNode<Word64> index, int scale, int offset)
        where T : class => new(_b.Load(opcode, representation, address.Id, index.Id, ScaleLog2(scale), offset));

    private void Store(Op opcode, Node address, int offset, Node value) =>
        _b.Store(opcode, address.Id, OpId.None, 0, offset, value.Id);

    private void Store(Op opcode, Node address, TNode<Word64> index, int scale, int offset, Node value) =>
        _b.Store(opcode, address.Id, index.Id, ScaleLog2(scale), offset, value.Id);

    private static int ScaleLog2(int scale) => scale switch
    {
        1 => 0,
        2 => 1,
        4 => 2,
        8 => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(scale)),
    };
}
