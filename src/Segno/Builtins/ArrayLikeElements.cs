using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>Elements of typed arrays from those of arrays and objects like them.</summary>
internal static unsafe class ArrayLikeElements
{
    /// <summary>The loop of 23.2.3.26.2 and 23.2.5.1.5: Get and TypedArraySetElement for each.</summary>
    public static void Set(Agent agent, JSTypedArray target, long offset, JSObject source, long length)
    {
        for (long k = SetNumbers(agent, target, offset, source, length); k < length; k++)
        {
            agent.PollInterrupts();
            TypedArrayOperations.SetElement(agent, target, offset + k, ObjectOperations.Get(agent, source, k));
        }
    }

    /// <summary>Copies the numbers that a plain array begins with, which no script can watch, and says how many.</summary>
    public static int SetNumbers(Agent agent, JSTypedArray target, long offset, JSObject source, long length)
    {
        ElementsKind kind = target.Kind();
        if (kind.IsBigInt() || !ArraySupport.IsFast(agent, source, out JSArray array))
        {
            return 0;
        }

        long count = Math.Min(Math.Min(length, target.CurrentLength() - offset), Math.Min(ArraySupport.Length(array), ArraySupport.Capacity(array)));
        Span<double> numbers = stackalloc double[NumberBatches.Length];
        int done = 0;
        while (done < count)
        {
            int wanted = (int)Math.Min(count - done, numbers.Length);
            int taken = Take(array, done, numbers[..wanted]);
            NumberBatches.Write(kind, target.Data() + ((offset + done) << kind.ElementShift()), numbers[..taken]);
            done += taken;
            if (taken < wanted)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>Numbers from an index on, up to the first element that is none. A hole is undefined, and that is NaN as a number, as its bits are.</summary>
    private static int Take(JSArray array, int start, Span<double> numbers)
    {
        ulong* words = ArraySupport.Words(array) + start;
        if (ArraySupport.Kind(array).IsDouble())
        {
            new ReadOnlySpan<double>(words, numbers.Length).CopyTo(numbers);
            return numbers.Length;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            var value = new Value(words[i]);
            if (value.IsNumber)
            {
                numbers[i] = value.AsNumber;
            }
            else if (value.IsHole)
            {
                numbers[i] = double.NaN;
            }
            else
            {
                return i;
            }
        }

        return numbers.Length;
    }
}
