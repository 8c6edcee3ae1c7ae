using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>%TypedArray% itself and the accessors of its prototype (ECMA-262, 23.2.1 to 23.2.3).</summary>
internal static class TypedArrayBuiltins
{
    // 23.2.1.1 %TypedArray%
    [Builtin("TypedArray", "TypedArray", Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args) => throw agent.TypeError("Abstract class TypedArray not directly constructable");

    // 23.2.2.1 %TypedArray%.from
    [Builtin("TypedArray", "from", Length = 1)]
    public static Value From(Agent agent, Arguments args)
    {
        RequireConstructor(agent, args.This);
        if (!args[1].IsUndefined)
        {
            RequireCallable(agent, args[1]);
        }

        using var list = new ValueList(agent.Heap);
        Value method = ObjectOperations.GetMethod(agent, args[0], new PropertyKey(Names.SymbolIterator));
        if (!method.IsUndefined)
        {
            Iterators.IterableToList(agent, args[0], method, list);
            JSTypedArray fromList = TypedArrayOperations.CreateFromConstructor(agent, args.This, list.Count, "%TypedArray%.from");
            for (int i = 0; i < list.Count; i++)
            {
                ObjectOperations.SetOrThrow(agent, fromList, i, Mapped(agent, args, list[i], i));
            }

            return fromList;
        }

        JSObject source = Conversions.ToObject(agent, args[0]);
        long length = ObjectOperations.LengthOfArrayLike(agent, source);
        JSTypedArray target = TypedArrayOperations.CreateFromConstructor(agent, args.This, length, "%TypedArray%.from");
        for (long i = 0; i < length; i++)
        {
            agent.PollInterrupts();
            ObjectOperations.SetOrThrow(agent, target, i, Mapped(agent, args, ObjectOperations.Get(agent, source, i), i));
        }

        return target;
    }

    private static Value Mapped(Agent agent, Arguments args, Value value, long index) =>
        args[1].IsUndefined ? value : ObjectOperations.Call(agent, args[1], args[2], value, Value.FromInt64(index));

    // 23.2.2.2 %TypedArray%.of
    [Builtin("TypedArray", "of")]
    public static Value Of(Agent agent, Arguments args)
    {
        RequireConstructor(agent, args.This);
        JSTypedArray target = TypedArrayOperations.CreateFromConstructor(agent, args.This, args.Count, "%TypedArray%.of");
        for (int i = 0; i < args.Count; i++)
        {
            ObjectOperations.SetOrThrow(agent, target, i, args[i]);
        }

        return target;
    }

    private static void RequireConstructor(Agent agent, Value value)
    {
        if (!Functions.IsConstructor(value))
        {
            throw agent.TypeError(Display.ForMessage(agent, value) + " is not a constructor");
        }
    }

    // 23.2.2.4 get %TypedArray% [ @@species ]
    [Builtin("TypedArray", "@@species", Kind = BuiltinKind.Getter)]
    public static Value Species(Agent agent, Arguments args) => args.This;

    private static JSTypedArray Require(Agent agent, Arguments args, string property) =>
        JSTypedArray.TryAs(args.This, out JSTypedArray array) ? array : throw Incompatible(agent, "get TypedArray.prototype." + property, args.This);

    // 23.2.3.1 get %TypedArray%.prototype.buffer
    [Builtin("TypedArray.prototype", "buffer", Kind = BuiltinKind.Getter)]
    public static Value Buffer(Agent agent, Arguments args) => TypedArrays.GetBuffer(agent, Require(agent, args, "buffer"));

    // 23.2.3.2 get %TypedArray%.prototype.byteLength
    [Builtin("TypedArray.prototype", "byteLength", Kind = BuiltinKind.Getter)]
    public static Value ByteLength(Agent agent, Arguments args)
    {
        JSTypedArray array = Require(agent, args, "byteLength");
        return Value.FromInt64((long)array.CurrentLength() << array.Kind().ElementShift());
    }

    // 23.2.3.3 get %TypedArray%.prototype.byteOffset
    [Builtin("TypedArray.prototype", "byteOffset", Kind = BuiltinKind.Getter)]
    public static Value ByteOffset(Agent agent, Arguments args)
    {
        JSTypedArray array = Require(agent, args, "byteOffset");
        return array.IsOutOfBounds() ? Value.Zero : array.ByteOffset;
    }

    // 23.2.3.19 get %TypedArray%.prototype.length
    [Builtin("TypedArray.prototype", "length", Kind = BuiltinKind.Getter)]
    public static Value Length(Agent agent, Arguments args) => Require(agent, args, "length").Length;

    // 23.2.3.38 get %TypedArray%.prototype [ @@toStringTag ]
    [Builtin("TypedArray.prototype", "@@toStringTag", Kind = BuiltinKind.Getter)]
    public static Value ToStringTag(Agent agent, Arguments args) =>
        JSTypedArray.TryAs(args.This, out JSTypedArray array) ? TypedArrayOperations.NameOf(agent, array.Kind()) : Value.Undefined;
}
