using Segno.Backend;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Interpreter;

/// <summary>
/// Elements of typed arrays, whatever their kind. The length in the typed array is what can be accessed at this moment: detaching and
/// resizing enter it there. BigInts and halves are left to C#.
/// </summary>
internal static partial class Handlers
{
    private static (int Value, CsaLabel Label)[] KindLabels() =>
        [.. Enum.GetValues<ElementsKind>().Where(static k => k.IsTyped() && !k.IsBigInt() && k != ElementsKind.Float16).Select(static k => ((int)k, new CsaLabel(k.ToString())))];

    private static CsaLabel LabelOf((int Value, CsaLabel Label)[] labels, ElementsKind kind) => labels.First(l => l.Value == (int)kind).Label;

    /// <summary>The address, less the header of the store, from which the elements are counted.</summary>
    private static TNode<InteriorPtr> TypedElements(CodeStubAssembler a, TNode<Tagged> array) =>
        a.InteriorPointer(a.LoadTagged(array, JSTypedArray.StoreOffset), a.SmiToIntPtr(a.LoadTagged(array, JSTypedArray.ByteOffsetOffset)), 1, 0);

    private static void LoadTypedElement(CodeStubAssembler a, TNode<Tagged> array, TNode<Word32> kind, TNode<Word32> index, CsaLabel miss, Action<TNode<Tagged>> done)
    {
        const int Bytes = ByteArray.BytesOffset;
        (int Value, CsaLabel Label)[] labels = KindLabels();
        CsaLabel outside = new("outside", LabelFlags.Deferred);
        a.GotoIf(a.Uint32LessThan(kind, a.Int32Constant((int)ElementsKinds.FirstTyped)), miss);
        a.GotoIfNot(a.Uint32LessThan(index, a.SmiToInt32(a.LoadTagged(array, JSTypedArray.LengthOffset))), outside);
        TNode<InteriorPtr> elements = TypedElements(a, array);
        TNode<Word64> at = a.ChangeUint32ToUintPtr(index);
        a.Switch(kind, miss, labels);

        // No prototype is asked for an integer, negative or not.
        a.Bind(outside);
        done(a.UndefinedConstant());

        // A number from outside: as a Smi where it is one, for it may be a key, and with no NaN but ours.
        CsaLabel real = new("real");
        CsaLabel fraction = new("fraction");
        CsaVariable<Float64> number = a.Variable<Float64>();
        CsaLabel integer = new("integer");
        CsaVariable<Word32> word = a.Variable<Word32>();
        Case(ElementsKind.Int8, () => a.LoadInt8(elements, at, 1, Bytes));
        Case(ElementsKind.Uint8, () => a.LoadUint8(elements, at, 1, Bytes));
        Case(ElementsKind.Uint8Clamped, () => a.LoadUint8(elements, at, 1, Bytes));
        Case(ElementsKind.Int16, () => a.LoadInt16(elements, at, 2, Bytes));
        Case(ElementsKind.Uint16, () => a.LoadUint16(elements, at, 2, Bytes));
        Case(ElementsKind.Int32, () => a.LoadWord32(elements, at, 4, Bytes));
        a.Bind(LabelOf(labels, ElementsKind.Uint32));
        done(a.TagUint32(a.LoadWord32(elements, at, 4, Bytes)));
        a.Bind(LabelOf(labels, ElementsKind.Float32));
        number.Value = a.LoadFloat32(elements, at, 4, Bytes);
        a.Goto(real);
        a.Bind(LabelOf(labels, ElementsKind.Float64));
        number.Value = a.LoadFloat64(elements, at, 8, Bytes);
        a.Goto(real);
        a.Bind(integer);
        done(a.TagInt32(word.Value));
        a.Bind(real);
        done(a.TagInt32(a.TryFloat64ToInt32(number.Value, fraction)));
        a.Bind(fraction);
        done(a.TagDoubleCanonicalized(number.Value));

        void Case(ElementsKind of, Func<TNode<Word32>> load)
        {
            a.Bind(LabelOf(labels, of));
            word.Value = load();
            a.Goto(integer);
        }
    }

    private static void StoreTypedElement(CodeStubAssembler a, TNode<Tagged> array, TNode<Word32> kind, TNode<Word32> index, TNode<Tagged> value, CsaLabel miss, Action done)
    {
        const int Bytes = ByteArray.BytesOffset;
        (int Value, CsaLabel Label)[] labels = KindLabels();
        CsaLabel real = new("real");
        CsaLabel integer = new("integer");
        CsaLabel truncate = new("truncate");
        CsaLabel clamp = new("clamp");
        CsaLabel store = new("bytes");
        CsaVariable<Word32> word = a.Variable<Word32>();
        CsaLabel outside = new("outside", LabelFlags.Deferred);
        a.GotoIf(a.Uint32LessThan(kind, a.Int32Constant((int)ElementsKinds.FirstTyped)), miss);
        a.GotoIfNot(a.Uint32LessThan(index, a.SmiToInt32(a.LoadTagged(array, JSTypedArray.LengthOffset))), outside);
        TNode<InteriorPtr> elements = TypedElements(a, array);
        TNode<Word64> at = a.ChangeUint32ToUintPtr(index);
        a.GotoIf(a.Uint32GreaterThan(kind, a.Int32Constant((int)ElementsKind.Uint32)), real);
        a.GotoIfNot(a.IsSmi(value), truncate);
        word.Value = a.SmiToInt32(value);
        a.Goto(integer);
        a.Bind(truncate);
        a.GotoIfNot(a.IsNumber(value), miss);
        TNode<Float64> fraction = a.UntagDouble(value);
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)ElementsKind.Uint8Clamped)), clamp);
        word.Value = a.TruncateFloat64ToInt32(fraction);
        a.Goto(integer);
        a.Bind(integer);
        a.Switch(kind, miss, [.. labels.Where(static l => l.Value <= (int)ElementsKind.Uint32)]);
        a.Bind(LabelOf(labels, ElementsKind.Uint8Clamped));
        word.Value = a.ClampInt32ToUint8(word.Value);
        a.Goto(store);
        a.Bind(clamp);
        word.Value = a.ClampFloat64ToUint8(fraction);
        a.Goto(store);
        Cases(store, ElementsKind.Int8, ElementsKind.Uint8);
        a.StoreWord8(elements, at, 1, Bytes, word.Value);
        done();
        Cases(new("halves"), ElementsKind.Int16, ElementsKind.Uint16);
        a.StoreWord16(elements, at, 2, Bytes, word.Value);
        done();
        Cases(new("words"), ElementsKind.Int32, ElementsKind.Uint32);
        a.StoreWord32(elements, at, 4, Bytes, word.Value);
        done();

        a.Bind(real);
        TNode<Float64> number = a.CanonicalizeNaN(a.TryNumberToFloat64(value, miss));
        CsaLabel notDouble = new("notDouble");
        a.GotoIfNot(a.Word32Equal(kind, a.Int32Constant((int)ElementsKind.Float64)), notDouble);
        a.StoreFloat64(elements, at, 8, Bytes, number);
        done();
        a.Bind(notDouble);
        a.GotoIfNot(a.Word32Equal(kind, a.Int32Constant((int)ElementsKind.Float32)), miss);
        a.StoreFloat32(elements, at, 4, Bytes, number);
        done();

        // The conversion of other values may run script, and a BigInt is none of a number.
        a.Bind(outside);
        a.GotoIf(a.Uint32GreaterThan(kind, a.Int32Constant((int)ElementsKind.Float64)), miss);
        a.GotoIfNot(a.IsNumber(value), miss);
        done();

        // Kinds of one size are stored alike.
        void Cases(CsaLabel to, params ReadOnlySpan<ElementsKind> kinds)
        {
            foreach (ElementsKind of in kinds)
            {
                a.Bind(LabelOf(labels, of));
                a.Goto(to);
            }

            a.Bind(to);
        }
    }
}
