namespace Segno.Heap;

/// <summary>The verifier found a broken invariant; the message names it.</summary>
internal sealed class HeapVerificationException(string message) : Exception(message);
