using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>
/// Generators. A suspension writes the register file into the generator object and returns; to resume is to call the function with the
/// object in the place of new.target: its first bytecodes bring the frame back and go on where the number of the suspension says.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>The value that a generator is resumed with; how it is resumed is in the register behind it.</summary>
    private Register _input;
    private int _resumeTable;
    private int _resumeSwitch;
    private int _suspensions;

    private Register Generator => _newTarget;

    private Register ResumeMode => _input.Next();

    /// <summary>At the start of the function: a call goes on, a resumption goes where it was suspended.</summary>
    private void ResumeAtEntry()
    {
        _newTarget = NewRegister();
        _hasNewTarget = true;
        _input = NewRegisters(2);
        var call = new BytecodeLabel();
        Load(Generator);
        _writer.EmitJump(Opcode.JumpIfUndefined, call);
        _writer.Emit(Opcode.ResumeGenerator, Op(Generator), Op(_input));
        int count = _function.YieldCount + 1;
        _resumeTable = _writer.JumpTable(count);
        _resumeSwitch = OpcodeOffsetOf(_writer.Emit(Opcode.SwitchOnSmi, [_resumeTable, count, 0]));
        _writer.Bind(call);
    }

    /// <summary>Behind the parameters: the call returns its generator. An object that has not started completes without being resumed, so this is a next.</summary>
    private void SuspendAtStart()
    {
        _writer.Emit(Opcode.CreateGenerator);
        Store(Generator);
        Suspend(isDelegating: false);
    }

    /// <summary>Hands out the accumulator. Behind it the generator has been resumed.</summary>
    private void Suspend(bool isDelegating)
    {
        int number = _suspensions++;
        if (number > _function.YieldCount)
        {
            throw new InvalidOperationException("more suspensions than yield expressions");
        }

        _writer.Emit(Opcode.SuspendGenerator, Op(Generator), number, isDelegating ? 1 : 0);
        _writer.Emit(Opcode.Return);
        var resumed = new BytecodeLabel();
        _writer.Bind(resumed);
        _writer.SetJumpTableEntry(_resumeTable + number, _resumeSwitch, resumed);
    }

    /// <summary>Where the generator is resumed with an exception, or to return, control goes to the labels; else on.</summary>
    private void SwitchOnResumeMode(BytecodeLabel onThrow, BytecodeLabel onReturn)
    {
        int table = _writer.JumpTable(2);
        Load(ResumeMode);
        int opcode = OpcodeOffsetOf(_writer.Emit(Opcode.SwitchOnSmi, [table, 2, (int)GeneratorResumeMode.Throw]));
        _writer.SetJumpTableEntry(table, opcode, onThrow);
        _writer.SetJumpTableEntry(table + 1, opcode, onReturn);
    }

    // 27.5.3.7 Yield, 27.5.3.8 GeneratorYield
    private void VisitYield(Yield expression)
    {
        if (expression.Value is null)
        {
            _writer.Emit(Opcode.LdaUndefined);
        }
        else
        {
            VisitForAccumulator(expression.Value);
        }

        Suspend(isDelegating: false);
        var onThrow = new BytecodeLabel();
        var onReturn = new BytecodeLabel();
        var goOn = new BytecodeLabel();
        SwitchOnResumeMode(onThrow, onReturn);
        _writer.EmitJump(Opcode.Jump, goOn);
        _writer.Bind(onThrow);
        Load(_input);
        _writer.Position(expression.Position);
        _writer.Emit(Opcode.Throw);
        _writer.Bind(onReturn);
        Load(_input);
        EmitExit(JumpKind.Return, null, _control);
        _writer.Bind(goOn);
        Load(_input);
    }

    // 15.5.5 yield* : what comes in goes to the inner iterator, and its results go out as they are.
    private void VisitYieldStar(YieldStar expression)
    {
        int position = expression.Position;
        VisitForAccumulator(expression.Iterable);
        int mark = Mark();
        (Register iterator, Register next) = OpenIterator(expression.Iterable.Position);
        Register method = NewRegister();
        Register result = NewRegister();
        _writer.Emit(Opcode.LdaUndefined);
        Store(_input);
        _writer.Emit(Opcode.LdaZero);
        Store(ResumeMode);

        var header = new BytecodeLabel();
        var onThrow = new BytecodeLabel();
        var onReturn = new BytecodeLabel();
        var called = new BytecodeLabel();
        var finished = new BytecodeLabel();
        _writer.Bind(header);
        SwitchOnResumeMode(onThrow, onReturn);
        CallInner(next, iterator, position);
        _writer.EmitJump(Opcode.Jump, called);

        _writer.Bind(onThrow);
        CallInnerIfAny("throw", method, iterator, called, position);
        Load(iterator);
        CallRuntimeWithAccumulator(BytecodeRuntimeId.IteratorClose);
        _writer.Position(position);
        CallRuntimeWithString(BytecodeRuntimeId.ThrowTypeError, "The iterator does not provide a 'throw' method");

        _writer.Bind(onReturn);
        CallInnerIfAny("return", method, iterator, called, position);
        Load(_input);
        EmitExit(JumpKind.Return, null, _control);

        _writer.Bind(called);
        Store(result);
        CheckIteratorResult();
        _writer.Emit(Opcode.GetNamedProperty, Op(result), _writer.Constant("done"), _writer.Slot(FeedbackSlotKind.LoadProperty));
        _writer.EmitJump(Opcode.JumpIfToBooleanTrue, finished);
        Load(result);
        Suspend(isDelegating: true);
        _writer.EmitJumpLoop(header, _loopDepth);

        _writer.Bind(finished);
        _writer.Emit(Opcode.GetNamedProperty, Op(result), _writer.Constant("value"), _writer.Slot(FeedbackSlotKind.LoadProperty));
        Store(result);
        var goOn = new BytecodeLabel();
        var leave = new BytecodeLabel();
        SwitchOnResumeMode(goOn, leave);
        _writer.EmitJump(Opcode.Jump, goOn);
        _writer.Bind(leave);
        Load(result);
        EmitExit(JumpKind.Return, null, _control);
        _writer.Bind(goOn);
        Load(result);
        Release(mark);
    }

    private void CallInner(Register method, Register iterator, int position)
    {
        _writer.Position(position);
        _writer.Emit(Opcode.CallProperty1, [Op(method), Op(iterator), Op(_input), _writer.Slot(FeedbackSlotKind.Call)]);
    }

    /// <summary>Calls a method of the inner iterator and jumps, or goes on where it has none.</summary>
    private void CallInnerIfAny(string name, Register method, Register iterator, BytecodeLabel called, int position)
    {
        var none = new BytecodeLabel();
        _writer.Position(position);
        _writer.Emit(Opcode.GetNamedProperty, Op(iterator), _writer.Constant(name), _writer.Slot(FeedbackSlotKind.LoadProperty));
        Store(method);
        _writer.EmitJump(Opcode.JumpIfUndefinedOrNull, none);
        CallInner(method, iterator, position);
        _writer.EmitJump(Opcode.Jump, called);
        _writer.Bind(none);
    }
}
