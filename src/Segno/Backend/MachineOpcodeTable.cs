using static Segno.Backend.OpProperties;
using Rep = Segno.Backend.Representation;

namespace Segno.Backend;

/// <summary>One row per <see cref="MachineOpcode"/>: name, number of inputs (-1: any), result, properties.</summary>
internal static class MachineOpcodeTable
{
    private const OpProperties Pure = HasValue;
    private const OpProperties Load = HasValue | Reads;
    private const OpProperties Atomic = HasValue | Effect | Reads;
    private const OpProperties Compare = HasValue | Comparison;
    private const OpProperties CommutativeCompare = HasValue | Comparison | Commutative;
    private const OpProperties CommutativePure = HasValue | Commutative;
    private const OpProperties End = Effect | Terminator;

    private static readonly OpcodeInfo[] s_rows =
    [
        new("none", 0, Rep.None, None),
        new("int32", 0, Rep.Word32, Pure),
        new("int64", 0, Rep.Word64, Pure),
        new("float64", 0, Rep.Float64, Pure),
        new("parameter", 0, Rep.None, HasValue),
        new("phi", -1, Rep.None, HasValue),
        new("pinned", 0, Rep.RawPointer, Load),

        new("load.i8", -1, Rep.Word32, Load), new("load.u8", -1, Rep.Word32, Load),
        new("load.i16", -1, Rep.Word32, Load), new("load.u16", -1, Rep.Word32, Load),
        new("load.w32", -1, Rep.Word32, Load), new("load.w64", -1, Rep.Word64, Load),
        new("load.f32", -1, Rep.Float64, Load), new("load.f64", -1, Rep.Float64, Load),
        new("store.w8", -1, Rep.None, Effect), new("store.w16", -1, Rep.None, Effect),
        new("store.w32", -1, Rep.None, Effect), new("store.w64", -1, Rep.None, Effect),
        new("store.f32", -1, Rep.None, Effect), new("store.f64", -1, Rep.None, Effect),
        new("cmpxchg.w32", -1, Rep.Word32, Atomic), new("cmpxchg.w64", -1, Rep.Word64, Atomic),
        new("xchg.w32", -1, Rep.Word32, Atomic), new("xchg.w64", -1, Rep.Word64, Atomic),
        new("xadd.w32", -1, Rep.Word32, Atomic), new("xadd.w64", -1, Rep.Word64, Atomic),
        new("lea", -1, Rep.RawPointer, Pure),

        new("add32", 2, Rep.Word32, CommutativePure), new("sub32", 2, Rep.Word32, Pure),
        new("mul32", 2, Rep.Word32, CommutativePure), new("and32", 2, Rep.Word32, CommutativePure),
        new("or32", 2, Rep.Word32, CommutativePure), new("xor32", 2, Rep.Word32, CommutativePure),
        new("shl32", 2, Rep.Word32, Pure), new("sar32", 2, Rep.Word32, Pure), new("shr32", 2, Rep.Word32, Pure),
        new("rol32", 2, Rep.Word32, Pure),
        new("div32", 2, Rep.Word32, Pure), new("mod32", 2, Rep.Word32, Pure),
        new("udiv32", 2, Rep.Word32, Pure), new("umod32", 2, Rep.Word32, Pure),
        new("add64", 2, Rep.Word64, CommutativePure), new("sub64", 2, Rep.Word64, Pure),
        new("mul64", 2, Rep.Word64, CommutativePure), new("and64", 2, Rep.Word64, CommutativePure),
        new("or64", 2, Rep.Word64, CommutativePure), new("xor64", 2, Rep.Word64, CommutativePure),
        new("shl64", 2, Rep.Word64, Pure), new("sar64", 2, Rep.Word64, Pure), new("shr64", 2, Rep.Word64, Pure),
        new("rol64", 2, Rep.Word64, Pure),
        new("div64", 2, Rep.Word64, Pure), new("mod64", 2, Rep.Word64, Pure),
        new("udiv64", 2, Rep.Word64, Pure), new("umod64", 2, Rep.Word64, Pure),
        new("add32.o", 2, Rep.Word32, CommutativePure), new("sub32.o", 2, Rep.Word32, Pure),
        new("mul32.o", 2, Rep.Word32, CommutativePure),
        new("add64.o", 2, Rep.Word64, CommutativePure), new("sub64.o", 2, Rep.Word64, Pure),
        new("mul64.o", 2, Rep.Word64, CommutativePure),
        new("overflow", 1, Rep.Bit, Pure),
        new("clz32", 1, Rep.Word32, Pure), new("ctz32", 1, Rep.Word32, Pure), new("popcnt32", 1, Rep.Word32, Pure),
        new("clz64", 1, Rep.Word64, Pure), new("ctz64", 1, Rep.Word64, Pure), new("popcnt64", 1, Rep.Word64, Pure),
        new("bswap32", 1, Rep.Word32, Pure), new("bswap64", 1, Rep.Word64, Pure),

        new("eq32", 2, Rep.Bit, CommutativeCompare), new("lt32", 2, Rep.Bit, Compare), new("le32", 2, Rep.Bit, Compare),
        new("ult32", 2, Rep.Bit, Compare), new("ule32", 2, Rep.Bit, Compare),
        new("eq64", 2, Rep.Bit, CommutativeCompare), new("lt64", 2, Rep.Bit, Compare), new("le64", 2, Rep.Bit, Compare),
        new("ult64", 2, Rep.Bit, Compare), new("ule64", 2, Rep.Bit, Compare),
        new("eqf", 2, Rep.Bit, CommutativeCompare), new("ltf", 2, Rep.Bit, Compare), new("lef", 2, Rep.Bit, Compare),
        new("not", 1, Rep.Bit, Compare),

        new("addf", 2, Rep.Float64, CommutativePure), new("subf", 2, Rep.Float64, Pure),
        new("mulf", 2, Rep.Float64, CommutativePure), new("divf", 2, Rep.Float64, Pure),
        new("sqrtf", 1, Rep.Float64, Pure), new("absf", 1, Rep.Float64, Pure), new("negf", 1, Rep.Float64, Pure),
        new("roundf", 1, Rep.Float64, Pure),

        new("i32.i64", 1, Rep.Word64, Pure), new("u32.u64", 1, Rep.Word64, Pure), new("i64.i32", 1, Rep.Word32, Pure),
        new("sext8", 1, Rep.Word32, Pure), new("sext16", 1, Rep.Word32, Pure),
        new("i32.f64", 1, Rep.Float64, Pure), new("u32.f64", 1, Rep.Float64, Pure), new("i64.f64", 1, Rep.Float64, Pure),
        new("f64.i32", 1, Rep.Word32, Pure), new("f64.i64", 1, Rep.Word64, Pure), new("f64.f32", 1, Rep.Float64, Pure),
        new("f64.bits", 1, Rep.Word64, Pure), new("bits.f64", 1, Rep.Float64, Pure),
        new("bitcast", 1, Rep.None, Pure),

        new("select", 3, Rep.None, Pure),

        new("constant", 0, Rep.Tagged, Pure),

        new("deoptif", -1, Rep.None, Effect), new("setpinned", 1, Rep.None, Effect), new("comment", 0, Rep.None, Effect), new("debugbreak", 0, Rep.None, Effect),
        new("call", -1, Rep.None, HasValue | Effect | Reads), new("result2", 1, Rep.None, HasValue),

        new("goto", 0, Rep.None, End), new("branch", 1, Rep.None, End), new("switch", 1, Rep.None, End),
        new("tailcall", -1, Rep.None, End), new("return", -1, Rep.None, End), new("unreachable", 0, Rep.None, End),
        new("deoptimize", -1, Rep.None, End),
    ];

    public static ref readonly OpcodeInfo Get(MachineOpcode opcode) => ref s_rows[(int)opcode];

    public static bool Is(MachineOpcode opcode, OpProperties properties) =>
        (s_rows[(int)opcode].Properties & properties) != 0;

    public static int Count => s_rows.Length;
}
