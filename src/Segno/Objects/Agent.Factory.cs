using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Making heap objects. Every new object is complete before the next allocation (HEAP-8).</summary>
internal sealed unsafe partial class Agent
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong New(int sizeInBytes, RootId map)
    {
        ulong address = Heap.AllocateYoung(sizeInBytes);
        *(ulong*)address = ReadOnlyRoots.Table[(int)map];
        return address;
    }

    private ulong NewOld(int sizeInBytes, RootId map)
    {
        ulong address = Heap.AllocateOld(sizeInBytes);
        *(ulong*)address = ReadOnlyRoots.Table[(int)map];
        return address;
    }

    private static void Fill(ulong address, int from, int to, ulong bits) =>
        new Span<ulong>((void*)(address + (ulong)from), (to - from) / 8).Fill(bits);

    // ---- strings ---------------------------------------------------------------------------------------------

    public SeqOneByteString NewSeqOneByteString(int length)
    {
        CheckStringLength(length);
        var text = new SeqOneByteString(New(SeqOneByteString.SizeFor(length), RootId.SeqOneByteStringMap));
        text.Length = length;
        text.RawHash = 0;
        return text;
    }

    public SeqTwoByteString NewSeqTwoByteString(int length)
    {
        CheckStringLength(length);
        var text = new SeqTwoByteString(New(SeqTwoByteString.SizeFor(length), RootId.SeqTwoByteStringMap));
        text.Length = length;
        text.RawHash = 0;
        return text;
    }

    private void CheckStringLength(int length)
    {
        if ((uint)length > Strings.MaxLength)
        {
            throw Error(ErrorKind.RangeError, "Invalid string length");
        }
    }

    public JSString NewString(ReadOnlySpan<char> chars)
    {
        if (chars.Length <= 1)
        {
            return chars.Length == 0 ? ReadOnlyRoots.EmptyString : SingleCharacterString(chars[0]);
        }

        if (Strings.IsLatin1(chars))
        {
            SeqOneByteString narrow = NewSeqOneByteString(chars.Length);
            System.Text.Encoding.Latin1.GetBytes(chars, new Span<byte>(narrow.Chars, chars.Length));
            return narrow;
        }

        SeqTwoByteString wide = NewSeqTwoByteString(chars.Length);
        chars.CopyTo(new Span<char>(wide.Chars, chars.Length));
        return wide;
    }

    public JSString NewString(string text) => NewString(text.AsSpan());

    /// <summary>A string in the old generation, for text that is known to live long.</summary>
    public JSString NewOldString(ReadOnlySpan<char> chars)
    {
        if (Strings.IsLatin1(chars))
        {
            var narrow = new SeqOneByteString(NewOld(SeqOneByteString.SizeFor(chars.Length), RootId.SeqOneByteStringMap));
            narrow.Length = chars.Length;
            narrow.RawHash = 0;
            System.Text.Encoding.Latin1.GetBytes(chars, new Span<byte>(narrow.Chars, chars.Length));
            return narrow;
        }

        var wide = new SeqTwoByteString(NewOld(SeqTwoByteString.SizeFor(chars.Length), RootId.SeqTwoByteStringMap));
        wide.Length = chars.Length;
        wide.RawHash = 0;
        chars.CopyTo(new Span<char>(wide.Chars, chars.Length));
        return wide;
    }

    public JSString SingleCharacterString(char unit)
    {
        if (unit <= 0xFF)
        {
            return JSString.Cast(new FixedArray(ReadOnlyRoots.Address(RootId.SingleCharacterStrings)).GetElements(unit));
        }

        SeqTwoByteString text = NewSeqTwoByteString(1);
        text.Chars[0] = unit;
        return text;
    }

    public JSString NewConsString(JSString first, JSString second, int length, bool oneByte)
    {
        var cons = new ConsString(New(ConsString.HeaderSize, oneByte ? RootId.ConsStringMap : RootId.ConsTwoByteStringMap));
        cons.Length = length;
        cons.RawHash = 0;
        cons.InitFirst(first);
        cons.InitSecond(second);
        return cons;
    }

    public JSString NewSlicedString(JSString parent, int start, int length)
    {
        var slice = new SlicedString(New(SlicedString.HeaderSize, parent.IsOneByte() ? RootId.SlicedStringMap : RootId.SlicedTwoByteStringMap));
        slice.Length = length;
        slice.RawHash = 0;
        slice.InitParent(parent);
        slice.Start = start;
        return slice;
    }

    /// <summary>Number::toString with radix 10 (6.1.6.1.20).</summary>
    public JSString NumberToString(double number)
    {
        int integer = (int)number;
        if (integer == number && (uint)integer < 10)
        {
            return SingleCharacterString((char)('0' + integer));
        }

        Value key = Value.FromDouble(number);
        if (NumberStrings.TryGet(key, out JSString cached))
        {
            return cached;
        }

        JSString text = integer == number ? IntegerToString(integer) : NewString(Base.NumberText.ToText(number));
        NumberStrings.Set(key, text);
        return text;
    }

    /// <summary>Decimal digits straight into a heap string.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private SeqOneByteString IntegerToString(int value)
    {
        byte* digits = stackalloc byte[11];
        int at = 11;
        uint rest = value < 0 ? (uint)-(long)value : (uint)value;
        do
        {
            uint next = rest / 10;
            digits[--at] = (byte)('0' + (rest - (next * 10)));
            rest = next;
        }
        while (rest != 0);
        if (value < 0)
        {
            digits[--at] = (byte)'-';
        }

        SeqOneByteString text = NewSeqOneByteString(11 - at);
        byte* target = text.Chars;
        for (int i = at; i < 11; i++)
        {
            target[i - at] = digits[i];
        }

        return text;
    }

    public Symbol NewSymbol(Value description, SymbolFlags flags)
    {
        var symbol = new Symbol(New(Symbol.HeaderSize, RootId.SymbolMap));
        symbol.Length = (int)flags;
        symbol.RawHash = Strings.MakeRawHash(NextHashSeed());
        symbol.InitDescription(description);
        return symbol;
    }

    public JSBigInt NewBigInt(System.Numerics.BigInteger value)
    {
        System.Numerics.BigInteger magnitude = System.Numerics.BigInteger.Abs(value);
        int bytes = value.IsZero ? 0 : magnitude.GetByteCount(isUnsigned: true);
        int digits = (bytes + 7) / 8;
        if (digits > (1 << 24) / 64)
        {
            throw Error(ErrorKind.RangeError, "Maximum BigInt size exceeded");
        }

        var result = new JSBigInt(New(JSBigInt.SizeFor(digits), RootId.JSBigIntMap));
        result.Length = digits;
        result.Sign = value.Sign < 0 ? 1 : 0;
        var target = new Span<byte>(result.Digits, digits * 8);
        target.Clear();
        magnitude.TryWriteBytes(target, out _, isUnsigned: true);
        return result;
    }

    // ---- arrays and tables -----------------------------------------------------------------------------------

    public FixedArray NewFixedArray(int length) => NewFixedArray(length, Value.Undefined);

    public FixedArray NewFixedArray(int length, Value filler)
    {
        if (length == 0)
        {
            return ReadOnlyRoots.EmptyFixedArray;
        }

        ulong address = AllocateArray(length, FixedArray.ElementsOffset, RootId.FixedArrayMap);
        Fill(address, FixedArray.ElementsOffset, FixedArray.ElementsOffset + (length * 8), filler.Bits);
        return new(address);
    }

    public FixedDoubleArray NewFixedDoubleArray(int length)
    {
        ulong address = AllocateArray(length, FixedDoubleArray.ElementsOffset, RootId.FixedDoubleArrayMap);
        Fill(address, FixedDoubleArray.ElementsOffset, FixedDoubleArray.ElementsOffset + (length * 8), ElementsKinds.HoleNaN);
        return new(address);
    }

    /// <summary>The most elements that a backing store may have.</summary>
    public const int MaxBackingStoreLength = (1 << 27) - 8;

    private ulong AllocateArray(int length, int header, RootId map)
    {
        if ((uint)length > MaxBackingStoreLength)
        {
            throw Error(ErrorKind.RangeError, "Invalid array length");
        }

        ulong address = New(header + (length * 8), map);
        *(long*)(address + 8) = length;
        return address;
    }

    public FixedArray NewOldFixedArray(int length)
    {
        if (length == 0)
        {
            return ReadOnlyRoots.EmptyFixedArray;
        }

        var array = new FixedArray(NewOld(FixedArray.SizeFor(length), RootId.FixedArrayMap));
        array.Length = length;
        array.Spare = 0;
        Fill(array.Address, FixedArray.ElementsOffset, FixedArray.ElementsOffset + (length * 8), Value.UndefinedBits);
        return array;
    }

    public WeakFixedArray NewWeakFixedArray(int length) =>
        Clear(new WeakFixedArray(New(WeakFixedArray.SizeFor(length), RootId.WeakFixedArrayMap)), length);

    /// <summary>One that no scavenge moves.</summary>
    public WeakFixedArray NewOldWeakFixedArray(int length) =>
        Clear(new WeakFixedArray(NewOld(WeakFixedArray.SizeFor(length), RootId.WeakFixedArrayMap)), length);

    private static WeakFixedArray Clear(WeakFixedArray array, int length)
    {
        array.Length = length;
        array.Spare = 0;
        Fill(array.Address, WeakFixedArray.ElementsOffset, WeakFixedArray.ElementsOffset + (length * 8), Value.UndefinedBits);
        return array;
    }

    public ByteArray NewByteArray(ReadOnlySpan<byte> bytes)
    {
        var array = new ByteArray(NewOld(ByteArray.SizeFor(bytes.Length), RootId.ByteArrayMap));
        array.Length = bytes.Length;
        array.Spare = 0;
        bytes.CopyTo(new Span<byte>(array.Bytes, bytes.Length));
        return array;
    }

    /// <summary>The bytes of an array buffer, all zero. The caller has checked the length.</summary>
    public ByteArray NewBytes(int length)
    {
        if (length == 0)
        {
            return ReadOnlyRoots.EmptyByteArray;
        }

        var array = new ByteArray(New(ByteArray.SizeFor(length), RootId.ByteArrayMap));
        array.Length = length;
        array.Spare = 0;
        new Span<byte>(array.Bytes, length).Clear();
        return array;
    }

    public PropertyArray NewPropertyArray(int length)
    {
        var array = new PropertyArray(New(PropertyArray.SizeFor(length), RootId.PropertyArrayMap));
        array.Length = length;
        array.IdentityHash = 0;
        Fill(array.Address, PropertyArray.SlotsOffset, PropertyArray.SlotsOffset + (length * 8), Value.UndefinedBits);
        return array;
    }

    public Cell NewCell(Value value)
    {
        var cell = new Cell(New(Cell.HeaderSize, RootId.CellMap));
        cell.InitValue(value);
        cell.InitDependentCode(Value.Undefined);
        return cell;
    }

    public PropertyCell NewPropertyCell(Name name, Value value, PropertyDetails details)
    {
        var cell = new PropertyCell(NewOld(PropertyCell.HeaderSize, RootId.PropertyCellMap));
        cell.InitName(Value.Undefined);
        cell.InitValue(Value.Undefined);
        cell.InitDependentCode(Value.Undefined);
        cell.Details = details.Bits;
        cell.CellType = (int)(value.IsUndefined || value.IsHole ? PropertyCellType.Unassigned : PropertyCellType.Constant);
        cell.SetName(name);
        cell.SetValue(value);
        return cell;
    }

    public AccessorPair NewAccessorPair(Value getter, Value setter)
    {
        var pair = new AccessorPair(New(AccessorPair.HeaderSize, RootId.AccessorPairMap));
        pair.InitGetter(getter);
        pair.InitSetter(setter);
        return pair;
    }

    public AccessorInfo NewAccessorInfo(AccessorInfoId id)
    {
        var info = new AccessorInfo(New(AccessorInfo.HeaderSize, RootId.AccessorInfoMap));
        info.Id = (int)id;
        info.Spare = 0;
        return info;
    }

    public LoadHandler NewLoadHandler()
    {
        ulong address = New(LoadHandler.HeaderSize, RootId.LoadHandlerMap);
        Fill(address, 8, LoadHandler.HeaderSize, Value.UndefinedBits);
        return new(address);
    }

    public StoreHandler NewStoreHandler()
    {
        ulong address = New(StoreHandler.HeaderSize, RootId.StoreHandlerMap);
        Fill(address, 8, StoreHandler.HeaderSize, Value.UndefinedBits);
        return new(address);
    }

    // ---- objects ---------------------------------------------------------------------------------------------

    /// <summary>An object with all in-object words undefined, except the unused ones of a map under slack tracking.</summary>
    public JSObject NewJSObject(Map map)
    {
        int size = map.InstanceSizeInWords * 8;
        ulong address = Heap.AllocateYoung(size);
        *(ulong*)address = map.Address;
        var result = new JSObject(address);
        result.InitProperties(ReadOnlyRoots.EmptyFixedArray);
        result.InitElements(ReadOnlyRoots.EmptyFixedArray);
        Fill(address, JSObject.HeaderSize, size, Value.UndefinedBits);
        if ((map.Flags & (uint)MapFlags.SlackTracking) != 0)
        {
            Fill(address, map.InObjectStartInWords * 8, size, ReadOnlyRoots.Address(RootId.OneWordFillerMap));
        }

        return result;
    }

    public JSArray NewArray(ElementsKind kind, Value elements, int length)
    {
        JSArray array = JSArray.Cast(NewJSObject(ArrayMap(kind)));
        array.InitElements(elements);
        array.InitLength(Value.FromInt32(length));
        return array;
    }

    /// <summary>A packed array over a backing store of any values.</summary>
    public JSArray NewArray(FixedArray elements) => NewArray(ElementsKind.Packed, elements, elements.Length);

    public JSArray NewEmptyArray() => NewArray(ElementsKind.PackedSmi, ReadOnlyRoots.EmptyFixedArray, 0);

    public Map ArrayMap(ElementsKind kind) => Map.Cast(kind switch
    {
        ElementsKind.PackedSmi => Realm.ArrayMapPackedSmi,
        ElementsKind.HoleySmi => Realm.ArrayMapHoleySmi,
        ElementsKind.PackedDouble => Realm.ArrayMapPackedDouble,
        ElementsKind.HoleyDouble => Realm.ArrayMapHoleyDouble,
        ElementsKind.Packed => Realm.ArrayMapPacked,
        _ => Realm.ArrayMapHoley,
    });

    public JSObject NewPlainObject() => NewJSObject(Map.Cast(Realm.ObjectMap));

    public JSObject NewIteratorResult(Value value, bool done)
    {
        JSObject result = NewJSObject(Map.Cast(Realm.IteratorResultMap));
        *(ulong*)(result.Address + JSObject.HeaderSize) = value.Bits;
        *(ulong*)(result.Address + JSObject.HeaderSize + 8) = Value.FromBoolean(done).Bits;
        return result;
    }

    public JSPrimitiveWrapper NewPrimitiveWrapper(Map map, Value primitive)
    {
        JSPrimitiveWrapper wrapper = JSPrimitiveWrapper.Cast(NewJSObject(map));
        wrapper.InitValue(primitive);
        return wrapper;
    }

    // ---- functions -------------------------------------------------------------------------------------------

    public SharedFunctionInfo NewSharedFunctionInfo(Value name, Value script)
    {
        var shared = new SharedFunctionInfo(NewOld(SharedFunctionInfo.HeaderSize, RootId.SharedFunctionInfoMap));
        Fill(shared.Address, 8, SharedFunctionInfo.HeaderSize, 0);
        shared.InitName(Value.Undefined);
        shared.InitScript(Value.Undefined);
        shared.InitBytecode(Value.Undefined);
        shared.InitFeedbackMetadata(Value.Undefined);
        shared.InitBaselineCode(Value.Undefined);
        shared.BuiltinId = -1;
        shared.SetName(name);
        shared.SetScript(script);
        return shared;
    }

    public FeedbackCell NewFeedbackCell(ulong entry)
    {
        var cell = new FeedbackCell(NewOld(FeedbackCell.HeaderSize, RootId.FeedbackCellMap));
        cell.InitValue(Value.Undefined);
        cell.InitCode(Value.Undefined);
        cell.Entry = entry;
        cell.ClosureCount = 0;
        cell.Spare = 0;
        return cell;
    }

    public JSFunction NewFunction(Map map, SharedFunctionInfo shared, Value context, FeedbackCell cell)
    {
        JSFunction function = JSFunction.Cast(NewJSObject(map));
        function.InitShared(shared);
        function.InitContext(context);
        function.InitFeedbackCell(cell);
        function.InitPrototypeOrInitialMap(Value.Hole);
        cell.ClosureCount++;
        return function;
    }

    public Context NewContext(int slotCount, Value scopeInfo, Value previous)
    {
        var context = new Context(New(Context.SizeFor(slotCount), RootId.ContextMap));
        context.InitScopeInfo(scopeInfo);
        context.InitPrevious(previous);
        context.InitExtension(Value.Undefined);
        context.InitNativeContext(Realm);
        context.Length = slotCount;
        context.Spare = 0;
        Fill(context.Address, Context.SlotsOffset, Context.SlotsOffset + (slotCount * 8), Value.UndefinedBits);
        return context;
    }

}
