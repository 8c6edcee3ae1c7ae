using Segno.Backend;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.Runtime;

namespace Segno.Interpreter;

/// <summary>Generators: the register file of a frame into its generator object and back.</summary>
internal static partial class Handlers
{
    private static void Generators()
    {
        Define(Opcode.CreateGenerator, static a => a.Dispatch(a.Runtime(RuntimeId.CreateGenerator)));
        Define(Opcode.SuspendGenerator, SuspendGenerator);
        Define(Opcode.ResumeGenerator, ResumeGenerator);
    }

    private static void SuspendGenerator(InterpreterAssembler a)
    {
        TNode<Tagged> generator = a.LoadRegister(0);
        a.StoreWithBarrier(generator, JSGeneratorObject.ContextOffset, a.CurrentContext());
        a.StoreTagged(generator, JSGeneratorObject.ContinuationOffset, a.TagInt32(a.Operand32(1)));
        a.StoreTagged(generator, JSGeneratorObject.IsDelegatingOffset, a.TagBool(a.Word32NotEqual(a.Operand32(2), a.Int32Constant(0))));
        TNode<Tagged> saved = a.LoadTagged(generator, JSGeneratorObject.RegistersOffset);
        ForEachRegister(a, saved, (index, frameIndex, offset) => a.StoreWithBarrier(saved, index, 8, FixedArray.ElementsOffset, a.LoadTagged(a.FramePointer(), frameIndex, 8, offset)));
        a.Dispatch();
    }

    /// <summary>The registers that receive input and mode are part of the file, so they are written last.</summary>
    private static void ResumeGenerator(InterpreterAssembler a)
    {
        TNode<Tagged> generator = a.LoadRegister(0);
        a.SetCurrentContext(a.LoadTagged(generator, JSGeneratorObject.ContextOffset));
        TNode<Tagged> saved = a.LoadTagged(generator, JSGeneratorObject.RegistersOffset);
        ForEachRegister(a, saved, (index, frameIndex, offset) => a.StoreTagged(a.FramePointer(), frameIndex, 8, offset, a.LoadTagged(saved, index, 8, FixedArray.ElementsOffset)));
        a.StoreRegisterAt(1, 0, a.LoadTagged(generator, JSGeneratorObject.InputOffset));
        a.StoreRegisterAt(1, 1, a.LoadTagged(generator, JSGeneratorObject.ResumeModeOffset));
        a.StoreTagged(generator, JSGeneratorObject.InputOffset, a.UndefinedConstant());
        TNode<Tagged> continuation = a.LoadTagged(generator, JSGeneratorObject.ContinuationOffset);
        a.StoreTagged(generator, JSGeneratorObject.ContinuationOffset, a.SmiConstant(Operations.Generators.Executing));
        a.Dispatch(continuation);
    }

    /// <summary>
    /// The parameters, upwards from the first, then the registers, downwards: the index in the array, and the word of the frame as
    /// a count of words and an offset in bytes from the frame pointer.
    /// </summary>
    private static void ForEachRegister(InterpreterAssembler a, TNode<Tagged> saved, Action<TNode<Word64>, TNode<Word64>, int> body)
    {
        TNode<Word64> parameters = a.ChangeUint32ToUintPtr(a.LoadWord32(a.BytecodeArrayObject(), BytecodeArray.ParameterCountOffset));
        TNode<Word64> length = a.ChangeUint32ToUintPtr(a.LoadWord32(saved, FixedArray.LengthOffset));
        Loop(a, a.IntPtrConstant(0), parameters, index => body(index, index, FrameLayout.FirstArgument));
        Loop(a, parameters, length, index => body(index, a.IntPtrSub(parameters, index), FrameLayout.FirstRegister));
    }

    private static void Loop(InterpreterAssembler a, TNode<Word64> from, TNode<Word64> to, Action<TNode<Word64>> body)
    {
        CsaLabel loop = new("loop", LabelFlags.Loop);
        CsaLabel done = new("done");
        CsaVariable<Word64> index = a.Variable(from);
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIf(a.WordEqual(index.Value, to), done);
        body(index.Value);
        index.Value = a.IntPtrAdd(index.Value, a.IntPtrConstant(1));
        a.Goto(loop);
        a.Bind(done);
    }
}
