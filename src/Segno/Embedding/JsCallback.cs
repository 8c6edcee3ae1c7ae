namespace Segno;

/// <summary>A function of the host that JavaScript can call. It runs on the thread that is inside the engine.</summary>
/// <param name="thisValue">The receiver of the call.</param>
/// <param name="arguments">The arguments as passed; the callee may keep them.</param>
/// <returns>The result; null counts as undefined.</returns>
/// <remarks>
/// To throw into JavaScript, throw a <see cref="JsException"/> made by <see cref="Engine.CreateError"/>, or let one pass that the
/// engine threw. Any other exception passes through JavaScript, which cannot catch it, and leaves the outermost call into the
/// engine unchanged.
/// </remarks>
public delegate JsValue? JsCallback(JsValue thisValue, JsValue[] arguments);
