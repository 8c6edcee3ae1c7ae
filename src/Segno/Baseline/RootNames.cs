using Segno.Frames;
using Segno.Layouts;

namespace Segno.Baseline;

/// <summary>Names of the thread block's fields that baseline code uses, for listings.</summary>
internal static class RootNames
{
    public static string? Of(int offset) => offset switch
    {
        ThreadBlock.StackLimitOffset => nameof(ThreadBlock.StackLimit),
        ThreadBlock.ResumeAddressOffset => nameof(ThreadBlock.ResumeAddress),
        >= ThreadBlock.StubsOffset => ((StubId)((offset - ThreadBlock.StubsOffset) / 8)).ToString(),
        _ => null,
    };
}
