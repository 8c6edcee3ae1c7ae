namespace Segno.Builtins;

/// <summary>A test program gave up with <c>%AbortJS</c>; no handler of JavaScript sees it.</summary>
internal sealed class AbortException(string message) : Exception("abort: " + message);
