namespace Segno;

/// <summary>The type of a JavaScript value.</summary>
public enum JsValueKind
{
    /// <summary>undefined.</summary>
    Undefined,

    /// <summary>null.</summary>
    Null,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A number (IEEE 754 double precision).</summary>
    Number,

    /// <summary>A string of UTF-16 code units.</summary>
    String,

    /// <summary>A symbol.</summary>
    Symbol,

    /// <summary>An integer of arbitrary size.</summary>
    BigInt,

    /// <summary>An object that is not a function.</summary>
    Object,

    /// <summary>A function or another callable object.</summary>
    Function,
}
