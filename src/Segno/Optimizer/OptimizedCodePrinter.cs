using System.Globalization;
using System.Text;
using Segno.Backend;
using Segno.Deoptimization;
using Segno.MachineCode;

namespace Segno.Optimizer;

/// <summary>Optimized code as text: instructions, then the exits with their translations, then what the collector knows at calls.</summary>
internal static class OptimizedCodePrinter
{
    /// <param name="compilation">What was compiled.</param>
    /// <param name="stub">The code.</param>
    /// <param name="data">Its exits.</param>
    /// <param name="literals">The constants behind the literals of the code, by number.</param>
    public static string Print(Compilation compilation, CompiledStub stub, DeoptimizationData data, IReadOnlyList<int> literals)
    {
        var names = new ConstantNames(compilation.Constants);
        var text = new StringBuilder(names.InListing(stub.Listing).TrimEnd('\n'));
        text.Append("\n\n").Append(new ExitPrinter(data, stub.Descriptor.ReservedSlots, i => names.Of(literals[i]), names.OfAddress).Print());
        AppendSafepoints(text, stub.Safepoints, data);
        return text.ToString();
    }

    /// <summary>By the return address, as an offset; slots as the stack pointer sees them there.</summary>
    private static void AppendSafepoints(StringBuilder text, SafepointTable safepoints, DeoptimizationData data)
    {
        text.Append('\n');
        for (int i = 0; i < safepoints.Count; i++)
        {
            int offset = safepoints.OffsetAt(i);
            int exit = Array.FindIndex(data.Entries, e => e.CallReturn == offset);
            text.Append(CultureInfo.InvariantCulture, $"safepoint +0x{offset:x}{(exit < 0 ? "" : $" (exit {exit})")}:");
            for (int slot = 0; slot < safepoints.TaggedSlots(i).Length * 64; slot++)
            {
                if (safepoints.IsTagged(i, slot))
                {
                    text.Append(CultureInfo.InvariantCulture, $" [rsp + 0x{slot * 8:x}]");
                }
            }

            text.Append('\n');
        }
    }
}
