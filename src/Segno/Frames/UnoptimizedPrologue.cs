using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>The ways out of a prologue: to the stack guard, and to the adaption of arguments, which comes back.</summary>
internal readonly record struct UnoptimizedPrologue(Label Guard, Label Adapt, Label Adapted);
