using Segno.Objects;

namespace Segno.Differential.Execution;

/// <summary>A way to run a program. All ways must have the same outcome.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Needs">The tiers without which the mode is no different from others; it is left out where they are missing.</param>
/// <param name="Compilers">How the compilers work.</param>
/// <param name="GcInterval">Collect at each n-th allocation; 0 for when the heap asks for it.</param>
internal sealed record Mode(string Name, Tiers Needs, CompilerOptions Compilers, int GcInterval = 0);
