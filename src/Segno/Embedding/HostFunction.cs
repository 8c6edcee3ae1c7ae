using Segno.Layouts;
using Segno.Operations;

namespace Segno;

/// <summary>A function of the host on the level of values: what the shell's functions are, and what a <see cref="JsCallback"/> is wrapped in.</summary>
internal delegate Value HostFunction(Engine engine, Arguments arguments);
