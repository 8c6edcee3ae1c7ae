using Segno.MachineCode;
using Rep = Segno.Backend.Representation;

namespace Segno.Backend;

/// <summary>Calls, tail calls, returns. Arguments go to the registers that the descriptor names.</summary>
internal partial class CodeStubAssembler
{
    private static readonly CallDescriptor[] s_runtimeCalls = MakeRuntimeCalls(CallFlags.Safepoint);
    private static readonly CallDescriptor[] s_runtimeNoReturnCalls = MakeRuntimeCalls(CallFlags.Safepoint | CallFlags.NoReturn);

    /// <summary>Calls the code whose address is in a slot of the thread block.</summary>
    public TNode<T> CallStub<T>(StubSlot slot, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments)
        where T : class => new(_b.Call(SlotSite(slot, descriptor), descriptor.Result, arguments));

    public void CallStub(StubSlot slot, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments) =>
        _b.Call(SlotSite(slot, descriptor), descriptor.Result, arguments);

    /// <summary>Calls the code at an address that is a value.</summary>
    public TNode<T> CallAddress<T>(TNode<RawPtr> target, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments)
        where T : class =>
        new(_b.Call(new CallSite { Descriptor = descriptor, Target = CallTarget.Address, Name = "" }, descriptor.Result, [target, .. arguments]));

    /// <summary>Calls an immortal stub of this process at its address (rel32).</summary>
    public TNode<T> CallCode<T>(nint address, string name, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments)
        where T : class =>
        new(_b.Call(
            new CallSite { Descriptor = descriptor, Target = CallTarget.Fixed, Address = address, Name = name }, descriptor.Result, arguments));

    /// <summary>The second result (rdx) of the call made right before.</summary>
    public TNode<T> SecondResult<T>(Node call)
        where T : class => new(_b.SecondResult(call.Id, RepresentationOf(typeof(T))));

    /// <summary>
    /// Calls a runtime function in C# with up to four values in rsi, rdx, rcx, r8 and its id in eax, through the exit stub for that
    /// number of arguments. A safepoint; the result is a value (rax).
    /// </summary>
    public TNode<Tagged> CallRuntime(int functionId, params ReadOnlySpan<Node> arguments) =>
        CallRuntime<Tagged>(functionId, s_runtimeCalls, arguments);

    /// <summary>A runtime function that never returns here (it throws).</summary>
    public void CallRuntimeNoReturn(int functionId, params ReadOnlySpan<Node> arguments)
    {
        CallRuntime<Tagged>(functionId, s_runtimeNoReturnCalls, arguments);
        Unreachable();
    }

    private TNode<T> CallRuntime<T>(int functionId, CallDescriptor[] descriptors, ReadOnlySpan<Node> arguments)
        where T : class
    {
        CallDescriptor descriptor = descriptors[arguments.Length];
        CallSite site = SlotSite(Configuration.ExitStubs[arguments.Length], descriptor);
        return new TNode<T>(_b.Call(site, descriptor.Result, [.. arguments, Int32Constant(functionId)]));
    }

    /// <summary>Jumps to table[index * 8], values in the descriptor's registers: how a bytecode handler ends.</summary>
    public void TailJump(TNode<RawPtr> table, TNode<Word64> index, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments) =>
        _b.TailCall(
            new CallSite { Descriptor = descriptor, Target = CallTarget.Table, ScaleLog2 = 3, Name = "" }, [table, index, .. arguments]);

    /// <summary>Jumps to the code whose address is in a slot of the thread block; a stub's own frame is gone by then.</summary>
    public void TailCallStub(StubSlot slot, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments) =>
        _b.TailCall(SlotSite(slot, descriptor), arguments);

    public void TailCallAddress(TNode<RawPtr> target, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments) =>
        _b.TailCall(new CallSite { Descriptor = descriptor, Target = CallTarget.Address, Name = "" }, [target, .. arguments]);

    public void TailCallCode(nint address, string name, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments) =>
        _b.TailCall(new CallSite { Descriptor = descriptor, Target = CallTarget.Fixed, Address = address, Name = name }, arguments);

    /// <summary>Ends a stub: no value, one (rax or xmm0), or two (rax and rdx).</summary>
    public void Return(params ReadOnlySpan<Node> values) => _b.Return(values);

    private static CallSite SlotSite(StubSlot slot, CallDescriptor descriptor) =>
        new() { Descriptor = descriptor, Target = CallTarget.Slot, Offset = slot.Offset, Name = slot.Name };

    private static CallDescriptor[] MakeRuntimeCalls(CallFlags flags)
    {
        Register[] all = RegisterConvention.RuntimeArguments;
        CallDescriptor[] result = new CallDescriptor[all.Length + 1];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new CallDescriptor(flags, Rep.Tagged, [.. all[..i], RegisterConvention.RuntimeFunctionId]);
        }

        return result;
    }
}
