using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>Calls and constructions.</summary>
internal sealed partial class FunctionCompiler
{
    private void VisitCall(Call call)
    {
        int mark = Mark();
        Register callee = NewRegister();
        // The receiver and the arguments follow each other.
        Register receiver = NewRegister();
        bool hasReceiver = VisitCallee(call.Callee, callee, receiver);
        if (call.IsOptional)
        {
            Load(callee);
            _writer.EmitJump(Opcode.JumpIfUndefinedOrNull, _chainEnd!);
        }

        if (call.HasSpread)
        {
            if (!hasReceiver)
            {
                _writer.Emit(Opcode.LdaUndefined);
                Store(receiver);
            }

            int count = VisitSpreadArguments(call.Arguments);
            if (call.IsPossiblyDirectEval)
            {
                ResolveDirectEval(callee, receiver.Next(), isSpread: count == 1);
            }

            _writer.Position(call.CallPosition);
            _writer.Emit(Opcode.CallWithSpread, [Op(callee), Op(receiver), count + 1, _writer.Slot(FeedbackSlotKind.Call)]);
            Release(mark);
            return;
        }

        if (!hasReceiver)
        {
            // An undefined receiver is not stored; its register becomes the first argument.
            Release(mark + 1);
        }

        Register first = VisitArguments(call.Arguments);
        if (call.IsPossiblyDirectEval && call.Arguments.Length > 0)
        {
            ResolveDirectEval(callee, first, isSpread: false);
        }

        EmitCall(callee, receiver, first, call.Arguments.Length, hasReceiver, call.CallPosition);
        Release(mark);
    }

    private void EmitCall(Register callee, Register receiver, Register first, int count, bool hasReceiver, int position)
    {
        _writer.Position(position);
        int slot = _writer.Slot(FeedbackSlotKind.Call);
        if (hasReceiver)
        {
            switch (count)
            {
                case 0:
                    _writer.Emit(Opcode.CallProperty0, Op(callee), Op(receiver), slot);
                    break;
                case 1:
                    _writer.Emit(Opcode.CallProperty1, [Op(callee), Op(receiver), Op(first), slot]);
                    break;
                case 2:
                    _writer.Emit(Opcode.CallProperty2, [Op(callee), Op(receiver), Op(first), Op(first.Next()), slot]);
                    break;
                default:
                    _writer.Emit(Opcode.CallAnyReceiver, [Op(callee), Op(receiver), count + 1, slot]);
                    break;
            }
        }
        else
        {
            switch (count)
            {
                case 0:
                    _writer.Emit(Opcode.CallUndefinedReceiver0, Op(callee), slot);
                    break;
                case 1:
                    _writer.Emit(Opcode.CallUndefinedReceiver1, Op(callee), Op(first), slot);
                    break;
                case 2:
                    _writer.Emit(Opcode.CallUndefinedReceiver2, [Op(callee), Op(first), Op(first.Next()), slot]);
                    break;
                default:
                    _writer.Emit(Opcode.CallUndefinedReceiver, [Op(callee), Op(first), count, slot]);
                    break;
            }
        }
    }

    /// <summary>Evaluates arguments into consecutive registers; the first of them.</summary>
    private Register VisitArguments(Expression[] arguments)
    {
        Register first = Register.Local(_nextRegister);
        foreach (Expression argument in arguments)
        {
            VisitForAccumulator(argument);
            Store(NewRegister());
        }

        return first;
    }

    /// <summary>
    /// Arguments with a spread among them: those before the first spread stay registers, the rest becomes one array, spread by
    /// the runtime. The number of registers, the array included.
    /// </summary>
    private int VisitSpreadArguments(Expression[] arguments)
    {
        int firstSpread = Array.FindIndex(arguments, static a => a is Spread);
        for (int i = 0; i < firstSpread; i++)
        {
            VisitForAccumulator(arguments[i]);
            Store(NewRegister());
        }

        Register rest = NewRegister();
        BuildArray(arguments.AsSpan(firstSpread), rest);
        return firstSpread + 1;
    }

    /// <summary>The function to call, and its receiver where the callee is a property; whether there is a receiver.</summary>
    private bool VisitCallee(Expression callee, Register calleeRegister, Register receiver)
    {
        switch (callee)
        {
            case NamedProperty property:
                VisitForAccumulator(property.Object);
                Store(receiver);
                JumpIfOptional(property.IsOptional, receiver);
                EmitGetNamed(receiver, property);
                Store(calleeRegister);
                return true;
            case KeyedProperty property:
                VisitForAccumulator(property.Object);
                Store(receiver);
                JumpIfOptional(property.IsOptional, receiver);
                VisitForAccumulator(property.Key);
                _writer.Position(property.KeyPosition);
                _writer.Emit(Opcode.GetKeyedProperty, Op(receiver), _writer.Slot(FeedbackSlotKind.LoadKeyed));
                Store(calleeRegister);
                return true;
            case SuperProperty super:
                int mark = Mark();
                Reference reference = PrepareReference(super);
                LoadReference(reference);
                Store(calleeRegister);
                Move(reference.Receiver, receiver);
                Release(mark);
                return true;
            case VariableProxy proxy when proxy.Variable.Location == VariableLocation.Lookup:
                // A with object that provides the function is its receiver.
                CallRuntimeWithString(BytecodeRuntimeId.LoadLookupSlotForCall, proxy.Name.Value);
                int pairMark = Mark();
                Register pair = StoreInNewRegister();
                _writer.Emit(Opcode.LdaZero);
                _writer.Emit(Opcode.GetKeyedProperty, Op(pair), _writer.Slot(FeedbackSlotKind.LoadKeyed));
                Store(calleeRegister);
                _writer.Emit(Opcode.LdaSmi, 1);
                _writer.Emit(Opcode.GetKeyedProperty, Op(pair), _writer.Slot(FeedbackSlotKind.LoadKeyed));
                Store(receiver);
                Release(pairMark);
                return true;
            case OptionalChain chain when chain.Expression is NamedProperty or KeyedProperty:
                // (a?.b)(): the chain keeps the receiver.
                BytecodeLabel? outer = _chainEnd;
                var end = new BytecodeLabel();
                var done = new BytecodeLabel();
                _chainEnd = end;
                VisitCallee(chain.Expression, calleeRegister, receiver);
                _chainEnd = outer;
                _writer.EmitJump(Opcode.Jump, done);
                _writer.Bind(end);
                _writer.Emit(Opcode.LdaUndefined);
                Store(calleeRegister);
                Store(receiver);
                _writer.Bind(done);
                return true;
            default:
                VisitForAccumulator(callee);
                Store(calleeRegister);
                return false;
        }
    }

    private void VisitNativeCall(NativeCall call)
    {
        int mark = Mark();
        Register first = VisitArguments(call.Arguments);
        _writer.Position(call.Position);
        _writer.Emit(Opcode.CallRuntime, [((NativeId)call.Id).RuntimeOperand(), Op(first), call.Arguments.Length]);
        Release(mark);
    }

    /// <param name="callee">The function, which is replaced.</param>
    /// <param name="source">The first argument, or the array that it is spread from.</param>
    /// <param name="isSpread">Is it the array?</param>
    private void ResolveDirectEval(Register callee, Register source, bool isSpread)
    {
        int mark = Mark();
        Register first = NewRegisters(4);
        Move(callee, first);
        Move(source, first.Next());
        _writer.Emit(Opcode.LdaConstant, _writer.Constant(ConstantKind.Description, _scope));
        Store(first.Next(2));
        _writer.Emit(isSpread ? Opcode.LdaTrue : Opcode.LdaFalse);
        Store(first.Next(3));
        CallRuntime(BytecodeRuntimeId.ResolvePossiblyDirectEval, first, 4);
        Store(callee);
        Release(mark);
    }

    private void VisitNew(New construct)
    {
        int mark = Mark();
        VisitForAccumulator(construct.Callee);
        Register constructor = StoreInNewRegister();
        // The first register of the list is for the receiver.
        Register receiver = NewRegister();
        int count;
        if (construct.HasSpread)
        {
            count = VisitSpreadArguments(construct.Arguments);
        }
        else
        {
            VisitArguments(construct.Arguments);
            count = construct.Arguments.Length;
        }

        Load(constructor);
        _writer.Position(construct.Position);
        _writer.Emit(construct.HasSpread ? Opcode.ConstructWithSpread : Opcode.Construct, [Op(constructor), Op(receiver), count + 1, _writer.Slot(FeedbackSlotKind.Call)]);
        Release(mark);
    }

    private void VisitSuperCall(SuperCall call)
    {
        int mark = Mark();
        LoadProxy(call.ThisFunction);
        CallRuntimeWithAccumulator(BytecodeRuntimeId.GetSuperConstructor);
        Register constructor = StoreInNewRegister();
        Register receiver = NewRegister();
        bool hasSpread = Array.Exists(call.Arguments, static a => a is Spread);
        int count;
        if (hasSpread)
        {
            count = VisitSpreadArguments(call.Arguments);
        }
        else
        {
            VisitArguments(call.Arguments);
            count = call.Arguments.Length;
        }

        LoadProxy(call.NewTarget);
        _writer.Position(call.Position);
        _writer.Emit(hasSpread ? Opcode.ConstructWithSpread : Opcode.Construct, [Op(constructor), Op(receiver), count + 1, _writer.Slot(FeedbackSlotKind.Call)]);
        Register self = StoreInNewRegister();
        Variable thisVariable = call.This.Variable;
        LoadVariable(thisVariable, checkHole: false, insideTypeof: false, "this");
        _writer.Emit(Opcode.ThrowSuperAlreadyCalledIfNotHole);
        Load(self);
        StoreRaw(thisVariable);
        // Instance fields are defined when this is bound; arrows inside the constructor cannot see whether there are any.
        if (_function.RequiresInstanceMembersInitializer || !_function.IsClassConstructor)
        {
            LoadProxy(call.ThisFunction);
            Register function = StoreInNewRegister();
            InitializeInstanceMembers(function, self);
        }

        Load(self);
        Release(mark);
    }
}
