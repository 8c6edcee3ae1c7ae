using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segno.Interpreter;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Realms;

namespace Segno.Faults;

/// <summary>Runs a script whose innermost function is machine code with the defect that the argument names.</summary>
internal static unsafe class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is [_, "on-own-thread"])
        {
            int code = 0;
            var thread = new Thread(() => code = Run(arguments[0]), 1 << 20);
            thread.Start();
            thread.Join();
            return code;
        }

        return Run(arguments[0]);
    }

    private static int Run(string defect)
    {
        using var core = new EngineCore(new EngineCoreOptions());
        core.Enter();
        try
        {
            switch (defect)
            {
                case "null-reference":
                    return CatchNullReference(null) ? 0 : 1;
                case "null-reference-below-script":
                    core.HostCall = static (_, _, _) => Value.FromBoolean(CatchNullReference(null));
                    return Call(core, 0).IsTrue ? 0 : 1;
                case "stack-overflow":
                    return Recurse(0);
                default:
                    Run(core, defect);
                    return 0;
            }
        }
        finally
        {
            core.Leave();
        }
    }

    /// <summary>function outer() { return broken(); }, where broken's entry is code that faults.</summary>
    private static void Run(EngineCore core, string defect)
    {
        core.Run(core.Compile("function broken() { } function outer() { return broken(); } function main() { return [1].map(outer); } broken;", "fault.js", isModule: false));
        JSFunction broken = JSFunction.Cast(core.Run(core.Compile("broken", "get.js", isModule: false)));
        FeedbackCell.Cast(broken.FeedbackCell).Entry = Emit(defect);
        core.Run(core.Compile("main()", "run.js", isModule: false));
    }

    private static ulong Emit(string defect)
    {
        var masm = new MacroAssembler();
        switch (defect)
        {
            case "load":
                masm.Move(Register.Rcx, 0x10);
                masm.Load(Register.Rax, MacroAssembler.Memory(Register.Rcx));
                break;
            case "jump":
                masm.Move(Register.Rcx, 0x10);
                masm.Jump(Register.Rcx);
                break;
            case "trap":
                masm.Emit(Instruction.Int3);
                break;
            case "illegal":
                masm.Emit(Instruction.Ud2);
                break;
            case "divide":
                masm.Move(Register.Rcx, 0L);
                masm.Emit(Instruction.DivRm, OperandSize.Qword, Register.Rcx);
                break;
            case "stack-pointer":
                masm.Move(Register.Rsp, 0x1000);
                masm.Move(Register.Rbp, 0x1238);
                masm.Load(Register.Rax, MacroAssembler.Memory(Register.Rsp, 0x4000));
                break;
            case "overflow":
                Label loop = masm.NewLabel();
                masm.Bind(loop);
                masm.Push(Register.Rax);
                masm.Jump(loop);
                break;
            default:
                throw new ArgumentException("no such defect", nameof(defect));
        }

        masm.Return();
        HandlerTables tables = HandlerTables.Instance;
        nint address = tables.Memory.Publish(masm.Code, CollectionsMarshal.AsSpan(masm.Relocations));
        tables.Registry.Register(new CodeInfo("Defect", CodeKind.MacroStub, address, masm.Position, SafepointTable.Empty));
        return (ulong)address;
    }

    private static Value Call(EngineCore core, int hostId)
    {
        JSFunction function = core.NewHostFunction("probe", 0, hostId);
        return Operations.ObjectOperations.Call(core.Agent, function, Value.Undefined);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool CatchNullReference(string? text)
    {
        try
        {
            return text!.Length < 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Recurse(int depth) => Recurse(depth + 1) + 1;
}
