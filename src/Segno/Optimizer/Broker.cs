using Segno.Builtins;
using Segno.Bytecode;
using Segno.Feedback;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>
/// Prepares a compilation on the agent's thread: copies bytecode and feedback of a function and of those that may be inlined into it
/// (D11). Allocates nothing on the heap, so that addresses stay while it runs.
/// </summary>
internal sealed unsafe partial class Broker(Agent agent, ConstantTable constants)
{
    /// <summary>Functions with more bytes of bytecode than this are not inlined.</summary>
    public const int MaxInlinedSize = 500;

    /// <summary>The bytes of bytecode that one compilation may inline in all.</summary>
    public const int MaxInlinedTotal = 2000;

    private const int MaxDepth = 8;

    private readonly Dictionary<ulong, FunctionSnapshot> _snapshots = [];
    private RealmSnapshot? _realm;
    private int _inlined;

    /// <summary>Does the function being copied pass its arguments on?</summary>
    private bool _passesOn;

    /// <summary>What could not be copied and is therefore unknown to the compiler, in words.</summary>
    public List<string> Misses { get; } = [];

    /// <summary>Bodies of array methods would be of use, but the realm has not made them.</summary>
    public bool WantsIterationBodies { get; private set; }

    /// <summary>
    /// Does the function being copied, or one that it may inline, pass a function to an array method with a callback, to call or to apply?
    /// </summary>
    private bool _takesFunctions;

    public FunctionSnapshot Prepare(JSFunction function) => Snapshot(FeedbackVector.Cast(function.FeedbackCell.Value), 0);

    private FunctionSnapshot Snapshot(FeedbackVector vector, int depth)
    {
        if (_snapshots.TryGetValue(vector.Address, out FunctionSnapshot? known))
        {
            _takesFunctions |= known.TakesFunctions;
            return known;
        }

        SharedFunctionInfo shared = vector.Shared;
        BytecodeArray bytecode = BytecodeArray.Cast(shared.Bytecode);
        byte[] bytes = new ReadOnlySpan<byte>(bytecode.Bytes, bytecode.Length).ToArray();
        FixedArray pool = bytecode.ConstantPool;
        var bits = new ulong[pool.Length];
        var numbers = new int[pool.Length];
        var entries = new ConstantEntry[pool.Length];
        var flags = new Dictionary<int, FunctionFlags>();
        for (int i = 0; i < bits.Length; i++)
        {
            Value value = pool.GetElements(i);
            bits[i] = ImmediateBits(value);
            numbers[i] = value.IsCell ? constants.Add(value) : -1;
            if (SharedFunctionInfo.TryAs(value, out SharedFunctionInfo inner))
            {
                flags.Add(i, inner.FlagBits());
            }

            entries[i] = value.IsSmi ? new ConstantEntry(ConstantKind.JumpTableEntry, value.AsInt32, null) : new ConstantEntry(ConstantKind.TheHole, 0, null);
        }

        HandlerTableEntry[] handlers = HandlersOf(bytecode);
        FeedbackMetadata metadata = FeedbackMetadata.Cast(shared.FeedbackMetadata);
        var kinds = new FeedbackSlotKind[vector.Length];
        for (int i = 0; i < kinds.Length; i++)
        {
            kinds[i] = (FeedbackSlotKind)metadata.Kinds[i];
        }

        var code = new BytecodeFunction
        {
            Bytes = bytes, Constants = entries, Handlers = handlers, Positions = [], FeedbackSlots = kinds, ClosureCount = metadata.ClosureCount,
            RegisterCount = bytecode.RegisterCount, ParameterCount = bytecode.ParameterCount, NewTargetRegister = unchecked((int)bytecode.Flags),
        };
        var slots = new SlotFeedback[kinds.Length];
        var snapshot = new FunctionSnapshot
        {
            Name = shared.DebugName(agent),
            Shared = constants.Add(shared),
            Vector = constants.Add(vector),
            Bytes = bytes,
            ConstantBits = bits,
            ConstantNumbers = numbers,
            Slots = slots,
            SlotKinds = kinds,
            ParameterCount = bytecode.ParameterCount,
            RegisterCount = bytecode.RegisterCount,
            NewTargetRegister = code.NewTargetRegister,
            Flags = shared.FlagBits(),
            Function = code,
            Liveness = new BytecodeLiveness(code),
            Loops = new LoopForest(bytes),
            ClosureCells = ReadCells(vector.ClosureCells),
            SharedFlags = flags,
            Realm = _realm ??= new RealmSnapshot(agent, constants),
        };
        _snapshots.Add(vector.Address, snapshot);
        if (shared.Has(FunctionFlags.SelfHosted))
        {
            FillSelfHosted(slots, kinds);
            return snapshot;
        }

        bool outer = _passesOn;
        bool takesFunctions = _takesFunctions;
        _takesFunctions = false;
        _passesOn = PassesOn(bytes);
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = kinds[i] == FeedbackSlotKind.Continuation ? SlotFeedback.Uninitialized
                : LostBets.Apply(ReadSlot(vector, i, kinds[i], depth), kinds[i], new LostBets(vector, i));
        }

        ReadConstantFields(snapshot, depth);
        if (_takesFunctions)
        {
            snapshot.TakesFunctions = true;
            ReadCallbacks(vector, snapshot, depth);
        }

        _passesOn = outer;
        _takesFunctions |= takesFunctions;
        return snapshot;
    }

    /// <summary>The encoding of a value that is no reference; 0 for those that are constants by number.</summary>
    private static ulong ImmediateBits(Value value) => value.IsCell ? 0 : value.Bits;

    private static bool PassesOn(byte[] bytes)
    {
        for (var it = new BytecodeIterator(bytes); !it.IsDone; it.Advance())
        {
            if (it.Opcode is Opcode.CreateMappedArguments or Opcode.CreateUnmappedArguments or Opcode.CreateRestParameter)
            {
                return true;
            }
        }

        return false;
    }

    private int[] ReadCells(FixedArray cells)
    {
        var result = new int[cells.Length];
        for (int i = 0; i < result.Length; i++)
        {
            Value cell = cells.GetElements(i);
            result[i] = cell.IsCell ? constants.Add(cell) : -1;
        }

        return result;
    }

    private static HandlerTableEntry[] HandlersOf(BytecodeArray bytecode)
    {
        ByteArray table = bytecode.HandlerTable;
        var words = (int*)table.Bytes;
        var result = new HandlerTableEntry[table.Length / Unwinder.EntrySizeInBytes];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new HandlerTableEntry(words[i * 4], words[(i * 4) + 1], words[(i * 4) + 2], words[(i * 4) + 3]);
        }

        return result;
    }

    private SlotFeedback ReadSlot(FeedbackVector vector, int slot, FeedbackSlotKind kind, int depth)
    {
        Value first = vector.GetSlots(slot);
        switch (kind)
        {
            case FeedbackSlotKind.BinaryOp or FeedbackSlotKind.CompareOp:
                var operands = (OperandFeedback)(int)first.Bits;
                return new SlotFeedback { State = operands == OperandFeedback.None ? SlotState.Uninitialized : SlotState.Known, Operands = operands };
            case FeedbackSlotKind.Literal:
                return ReadLiteral(first);
            default:
                if (first.Bits == FeedbackSentinels.Megamorphic)
                {
                    return SlotFeedback.Megamorphic;
                }

                return first.IsCell ? ReadCache(vector, slot, kind, first, vector.GetSlots(slot + 1), depth) : SlotFeedback.Uninitialized;
        }
    }

    private SlotFeedback ReadCache(FeedbackVector vector, int slot, FeedbackSlotKind kind, Value first, Value second, int depth)
    {
        switch (kind)
        {
            case FeedbackSlotKind.LoadGlobal or FeedbackSlotKind.LoadGlobalInsideTypeof or FeedbackSlotKind.StoreGlobalSloppy or FeedbackSlotKind.StoreGlobalStrict:
                bool isConstant = PropertyCell.TryAs(first, out PropertyCell global) && PropertyCells.TypeOf(global) == PropertyCellType.Constant && !global.Value.IsHole;
                return new SlotFeedback
                {
                    State = SlotState.Known, Constant = constants.Add(first), Offset = second.AsInt32, ConstantValue = isConstant ? ValueOf(global.Value) : null,
                };
            case FeedbackSlotKind.Call:
                return JSFunction.TryAs(first, out JSFunction target)
                    ? new SlotFeedback { State = SlotState.Known, Constant = constants.Add(first), Target = ReadTarget(target, depth) }
                    : SlotFeedback.Megamorphic;
            case FeedbackSlotKind.LoadKeyed or FeedbackSlotKind.StoreKeyedSloppy or FeedbackSlotKind.StoreKeyedStrict:
                return ReadElements(first, second);
            case FeedbackSlotKind.LoadProperty or FeedbackSlotKind.StoreSloppy or FeedbackSlotKind.StoreStrict or FeedbackSlotKind.DefineNamedOwn:
                return ReadAccesses(kind, first, second, depth);
            default:
                Misses.Add($"slot {slot} of {kind}");
                return SlotFeedback.Megamorphic;
        }
    }

    private SlotFeedback ReadElements(Value first, Value second)
    {
        var accesses = new List<ElementAccess>();
        if (Map.TryAs(first, out Map map))
        {
            accesses.Add(new ElementAccess(new MapSnapshot(constants, map), second.IsSmi ? second.AsInt32 : 0));
        }
        else if (FixedArray.TryAs(first, out FixedArray pairs))
        {
            for (int i = 0; i < pairs.Length; i += 2)
            {
                if (Map.TryAs(pairs.GetElements(i), out Map one))
                {
                    // A pair that died is a copy of another.
                    var access = new ElementAccess(new MapSnapshot(constants, one), pairs.GetElements(i + 1).AsInt32);
                    if (accesses.TrueForAll(a => a.Map.Address != access.Map.Address))
                    {
                        accesses.Add(access);
                    }
                }
            }
        }

        return accesses.Count == 0 ? SlotFeedback.Megamorphic : new SlotFeedback { State = SlotState.Known, Elements = [.. accesses] };
    }

    private SlotFeedback ReadAccesses(FeedbackSlotKind kind, Value first, Value second, int depth)
    {
        bool isStore = kind != FeedbackSlotKind.LoadProperty;
        var accesses = new List<PropertyAccess>();
        if (Map.TryAs(first, out Map map))
        {
            if (!TryReadAccess(map, second, isStore, accesses, depth))
            {
                return SlotFeedback.Megamorphic;
            }
        }
        else if (FixedArray.TryAs(first, out FixedArray pairs))
        {
            for (int i = 0; i < pairs.Length; i += 2)
            {
                if (Map.TryAs(pairs.GetElements(i), out Map one) && !TryReadAccess(one, pairs.GetElements(i + 1), isStore, accesses, depth, readsTargets: true))
                {
                    return SlotFeedback.Megamorphic;
                }
            }
        }

        return accesses.Count == 0 ? SlotFeedback.Megamorphic : new SlotFeedback { State = SlotState.Known, Accesses = [.. accesses] };
    }

    /// <param name="map">Of the receiver.</param>
    /// <param name="handler">What the inline cache does with it.</param>
    /// <param name="isStore">Is it a store?</param>
    /// <param name="accesses">Where it is added.</param>
    /// <param name="depth">Of inlining.</param>
    /// <param name="readsTargets">Read the functions that are found: a call of one of several may follow.</param>
    private bool TryReadAccess(Map map, Value handler, bool isStore, List<PropertyAccess> accesses, int depth, bool readsTargets = false)
    {
        if (map.Has(MapFlags.Deprecated))
        {
            return true;
        }

        var snapshot = new MapSnapshot(constants, map);
        if (handler.IsSmi)
        {
            accesses.Add(Access(snapshot, handler.AsInt32, -1, -1, null));
            return true;
        }

        if (isStore && StoreHandler.TryAs(handler, out StoreHandler store))
        {
            if (Cell.TryAs(store.ValidityCell, out Cell storeCell) && storeCell.Value.IsTrue)
            {
                if (HandlerEncoding.KindOf(store.SmiHandler.AsInt32) == HandlerKind.Accessor)
                {
                    accesses.Add(AccessBy(new JSFunction(store.NewMap.Bits), snapshot, constants.Add(storeCell), depth));
                    return true;
                }

                accesses.Add(Access(snapshot, store.SmiHandler.AsInt32, -1, constants.Add(storeCell), new MapSnapshot(constants, Map.Cast(store.NewMap))));
            }

            return true;
        }

        if (!isStore && LoadHandler.TryAs(handler, out LoadHandler load))
        {
            // A handler whose prototypes have changed tells nothing any more.
            if (Cell.TryAs(load.ValidityCell, out Cell cell) && cell.Value.IsTrue)
            {
                if (HandlerEncoding.KindOf(load.SmiHandler.AsInt32) == HandlerKind.Accessor)
                {
                    accesses.Add(AccessBy(new JSFunction(load.Holder.Bits), snapshot, constants.Add(cell), depth));
                    return true;
                }

                accesses.Add(Access(snapshot, load.SmiHandler.AsInt32, load.Holder.IsCell ? constants.Add(load.Holder) : -1, constants.Add(cell), null, ReadHolder(load.Holder, load.SmiHandler.AsInt32), ReadExpected(load.Holder, load.SmiHandler.AsInt32, depth, readsTargets)));
            }

            return true;
        }

        return false;
    }

    private PropertyAccess AccessBy(JSFunction accessor, MapSnapshot map, int cell, int depth) =>
        new() { Map = map, Kind = HandlerKind.Accessor, ValidityCell = cell, Accessor = ReadTarget(accessor, depth) };

    /// <summary>The value that a prototype's field keeps while the validity cell is true; null if it is used like a variable.</summary>
    private SnapshotValue? ReadHolder(Value of, int handler)
    {
        if (!JSObject.TryAs(of, out JSObject holder) || !holder.Map.Has(MapFlags.Prototype) || holder.Map.Has(MapFlags.MutableFields))
        {
            return null;
        }

        return TryReadField(of, handler, out Value value) ? ValueOf(value) : null;
    }

    private SnapshotValue ValueOf(Value value) => new(ImmediateBits(value), value.IsCell ? constants.Add(value) : -1);

    private static PropertyAccess Access(MapSnapshot map, int handler, int holder, int cell, MapSnapshot? newMap, SnapshotValue? holderValue = null, CalleeSnapshot? expected = null)
    {
        HandlerKind kind = HandlerEncoding.KindOf(handler);
        return new PropertyAccess
        {
            Map = map,
            Kind = kind,
            Payload = kind == HandlerKind.InObject ? handler : HandlerEncoding.PayloadOf(handler),
            Holder = holder,
            ValidityCell = cell,
            NewMap = newMap,
            HolderValue = holderValue,
            Expected = expected,
        };
    }

    /// <summary>
    /// The method that a prototype has, where the feedback of a call does not tell: in functions that pass calls on with call or apply, whose
    /// sites know only those, and where receivers of several maps have methods of their own.
    /// </summary>
    private CalleeSnapshot? ReadExpected(Value holder, int handler, int depth, bool isOneOfSeveral)
    {
        return (_passesOn || isOneOfSeveral) && TryReadField(holder, handler, out Value value) && JSFunction.TryAs(value, out JSFunction function) ? ReadTarget(function, depth) : null;
    }

    private static bool TryReadField(Value of, int handler, out Value value)
    {
        value = Value.Undefined;
        if (!JSObject.TryAs(of, out JSObject holder))
        {
            return false;
        }

        switch (HandlerEncoding.KindOf(handler))
        {
            case HandlerKind.InObject:
                value = new Value(*(ulong*)(holder.Address + (ulong)handler));
                return true;
            case HandlerKind.OutOfObject:
                value = new PropertyArray(holder.Properties.Bits).GetSlots(HandlerEncoding.PayloadOf(handler));
                return true;
            default:
                return false;
        }
    }

    private CalleeSnapshot ReadTarget(JSFunction function, int depth)
    {
        SharedFunctionInfo shared = function.Shared;
        MapSnapshot? initialMap = null;
        if (Map.TryAs(function.PrototypeOrInitialMap, out Map initial) && initial.SlackCount == 0 && initial.TypeOf() == InstanceType.JSObject && !shared.Has(FunctionFlags.Builtin))
        {
            initialMap = new MapSnapshot(constants, initial);
        }

        FunctionSnapshot? body = BodyOf(function.FeedbackCell.Value, depth);
        if (initialMap is not null && body is not null)
        {
            ReadLoadsOf(initial, body, depth + 1);
        }

        return new CalleeSnapshot
        {
            Function = constants.Add(function),
            Context = constants.Add(function.Context),
            BuiltinId = shared.BuiltinId,
            IsClassConstructor = shared.Has(FunctionFlags.ClassConstructor),
            IsConstructor = shared.Has(FunctionFlags.Constructor),
            IsDerivedConstructor = shared.Has(FunctionFlags.DerivedConstructor),
            InitialMap = initialMap,
            Body = body,
            Iterations = shared.IsBuiltin() ? ReadIterations((BuiltinId)shared.BuiltinId, depth) : [],
        };
    }

    private FunctionSnapshot? BodyOf(Value vector, int depth) => CanInline(vector, depth) ? Snapshot(new FeedbackVector(vector.Bits), depth + 1) : null;

    private bool CanInline(Value vectorValue, int depth)
    {
        if (depth >= MaxDepth || !FeedbackVector.TryAs(vectorValue, out FeedbackVector vector) || !BytecodeArray.TryAs(vector.Shared.Bytecode, out BytecodeArray bytecode) ||
            (vector.Flags & FeedbackVectorFlags.NeverInline) != 0)
        {
            return false;
        }

        SharedFunctionInfo shared = vector.Shared;
        if (_snapshots.ContainsKey(vector.Address))
        {
            return true;
        }

        // The smallest are always worth it, whoever came first.
        bool isSmall = bytecode.Length <= GraphBuilder.MaxAlwaysInlined;
        if (bytecode.Length > MaxInlinedSize || (!isSmall && _inlined + bytecode.Length > MaxInlinedTotal) || shared.Has(FunctionFlags.Generator | FunctionFlags.Async))
        {
            return false;
        }

        _inlined += isSmall ? 0 : bytecode.Length;
        return true;
    }

    private SlotFeedback ReadLiteral(Value value)
    {
        if (!value.IsCell)
        {
            return SlotFeedback.Uninitialized;
        }

        var result = new SlotFeedback { State = SlotState.Known, Constant = constants.Add(value), Boilerplate = ReadBoilerplate(value) };
        return result;
    }

    private BoilerplateSnapshot? ReadBoilerplate(Value value)
    {
        if (JSArray.TryAs(value, out JSArray array))
        {
            return ReadArrayBoilerplate(array);
        }

        if (!value.IsReceiver || new JSObject(value.Bits).Map.TypeOf() != InstanceType.JSObject)
        {
            return null;
        }

        var boilerplate = new JSObject(value.Bits);
        Map map = boilerplate.Map;
        if (map.IsDictionary() || boilerplate.Properties.Bits != ReadOnlyRoots.EmptyFixedArray.Address || boilerplate.Elements.Bits != ReadOnlyRoots.EmptyFixedArray.Address)
        {
            return null;
        }

        int count = map.InstanceSizeInWords - map.InObjectStartInWords;
        var words = new ulong[count];
        var numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            var word = new Value(((ulong*)boilerplate.Address)[map.InObjectStartInWords + i]);
            numbers[i] = word.IsCell ? constants.Add(word) : -1;
            words[i] = ImmediateBits(word);
            if (word.IsCell && !word.IsReceiver && !word.IsName && !JSBigInt.Is(word))
            {
                // Fillers of unused fields: the size of such objects is not settled yet.
                return null;
            }
        }

        return new BoilerplateSnapshot { Map = new MapSnapshot(constants, map), Words = words, Constants = numbers };
    }

    private BoilerplateSnapshot? ReadArrayBoilerplate(JSArray array)
    {
        Map map = ((JSObject)array).Map;
        int length = array.Length.AsInt32;
        if (map.Address != agent.ArrayMap(map.Kind()).Address || length > GraphBuilder.MaxInlineElements)
        {
            return null;
        }

        var values = new SnapshotValue[length];
        for (int i = 0; i < length; i++)
        {
            Value value = Elements.GetFast(array, map.Kind(), (uint)i);
            if (value.IsHole)
            {
                return null;
            }

            values[i] = ValueOf(value);
        }

        return new BoilerplateSnapshot { Map = new MapSnapshot(constants, map), Words = [], Constants = [], Elements = values };
    }
}
