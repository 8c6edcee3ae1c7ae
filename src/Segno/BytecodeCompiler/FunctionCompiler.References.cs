using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>References: what is assigned to, evaluated before its value is read or written.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>A reference whose parts have been evaluated into registers.</summary>
    private readonly record struct Reference(Expression Target, Register Object, Register Key, Register Receiver, int LoadSlot = 0);

    /// <summary>
    /// Evaluates what a reference needs before its value is written, or read and written. What is read by a key has the key in the accumulator,
    /// converted if it was an object: that happens once.
    /// </summary>
    private Reference PrepareReference(Expression target, bool isRead = false)
    {
        switch (target)
        {
            case NamedProperty property:
                return new(target, VisitForRegister(property.Object), default, default);
            case KeyedProperty property:
                Register keyed = VisitForRegister(property.Object);
                VisitForAccumulator(property.Key);
                int slot = isRead ? _writer.Slot(FeedbackSlotKind.LoadKeyed) : 0;
                if (isRead && MayBeObject(property.Key))
                {
                    _writer.Position(property.KeyPosition);
                    _writer.Emit(Opcode.ToReferencedName, Op(keyed), slot);
                }

                return new(target, keyed, StoreInNewRegister(), default, slot);
            case SuperProperty super:
                LoadProxy(super.Receiver);
                Register receiver = StoreInNewRegister();
                LoadProxy(super.ThisFunction);
                Register home = StoreInNewRegister();
                if (super.Key is not { } expression)
                {
                    return new(target, home, default, receiver);
                }

                // The base is taken before the key becomes a property key, which may run script.
                Register key = VisitForRegister(expression);
                CallRuntime(BytecodeRuntimeId.GetSuperBase, home, 1);
                Store(home);
                return new(target, home, key, receiver);
            case VariableProxy { Variable.Location: VariableLocation.Lookup } proxy:
                // What provides the binding is found once, whatever happens to it before the write.
                CallRuntimeWithString(BytecodeRuntimeId.ResolveLookupSlot, proxy.Name.Value);
                return new(target, StoreInNewRegister(), default, default);
            default:
                return new(target, default, default, default);
        }
    }

    private static bool MayBeObject(Expression key) =>
        key is not (NumberLiteral or StringLiteral or BooleanLiteral or NullLiteral or BigIntLiteral or TemplateLiteral or BinaryOperation or NaryOperation or UnaryOperation or CountOperation);

    /// <summary>Follows the preparation at once.</summary>
    private void LoadReference(in Reference reference)
    {
        switch (reference.Target)
        {
            case VariableProxy { Variable.Location: VariableLocation.Lookup } resolved:
                int lookupMark = Mark();
                Register slot = NewRegisters(2);
                Move(reference.Object, slot);
                _writer.Emit(Opcode.LdaConstant, _writer.Constant(resolved.Name.Value));
                Store(slot.Next());
                _writer.Position(resolved.Position);
                CallRuntime(BytecodeRuntimeId.LoadResolvedSlot, slot, 2);
                Release(lookupMark);
                break;
            case VariableProxy proxy:
                LoadProxy(proxy);
                break;
            case NamedProperty property:
                EmitGetNamed(reference.Object, property);
                break;
            case KeyedProperty property:
                _writer.Position(property.KeyPosition);
                _writer.Emit(Opcode.GetKeyedProperty, Op(reference.Object), reference.LoadSlot);
                break;
            case SuperProperty super:
                _writer.Position(super.Position);
                if (super.Name is { } name)
                {
                    Load(reference.Object);
                    _writer.Emit(Opcode.GetNamedPropertyFromSuper, Op(reference.Receiver), _writer.Constant(name.Value), _writer.Slot(FeedbackSlotKind.LoadProperty));
                }
                else
                {
                    int mark = Mark();
                    Load(reference.Key);
                    _writer.Emit(Opcode.ToPropertyKey);
                    Store(reference.Key);
                    Register first = NewRegisters(3);
                    Move(reference.Object, first);
                    Move(reference.Receiver, first.Next());
                    Move(reference.Key, first.Next(2));
                    CallRuntime(BytecodeRuntimeId.LoadKeyedFromSuper, first, 3);
                    Release(mark);
                }

                break;
            case PrivateProperty:
                Unsupported("private names", reference.Target.Position);
                break;
            default:
                // Web reality: f() = 1 throws when it runs.
                VisitForEffect(reference.Target);
                CallRuntimeWithString(BytecodeRuntimeId.ThrowReferenceError, "Invalid left-hand side in assignment");
                break;
        }
    }

    /// <summary>Writes the accumulator, which keeps its value.</summary>
    private void StoreReference(in Reference reference, AssignmentKind kind)
    {
        switch (reference.Target)
        {
            case VariableProxy { Variable.Location: VariableLocation.Lookup } resolved when kind == AssignmentKind.Assign:
                int lookupMark = Mark();
                Register slot = NewRegisters(3);
                Store(slot.Next(2));
                Move(reference.Object, slot);
                _writer.Emit(Opcode.LdaConstant, _writer.Constant(resolved.Name.Value));
                Store(slot.Next());
                _writer.Position(resolved.Position);
                CallRuntime(_scope.IsStrict ? BytecodeRuntimeId.StoreResolvedSlotStrict : BytecodeRuntimeId.StoreResolvedSlot, slot, 3);
                Release(lookupMark);
                break;
            case VariableProxy proxy:
                StoreProxy(proxy, kind);
                break;
            case NamedProperty property:
                if (property.Object is VariableProxy { Variable.Mode: VariableMode.This })
                {
                    _thisProperties.Add(property.Name.Value);
                }

                _writer.Position(property.NamePosition);
                _writer.Emit(Opcode.SetNamedProperty, Op(reference.Object), _writer.Constant(property.Name.Value), _writer.Slot(_scope.IsStrict ? FeedbackSlotKind.StoreStrict : FeedbackSlotKind.StoreSloppy));
                break;
            case KeyedProperty property:
                _writer.Position(property.KeyPosition);
                _writer.Emit(Opcode.SetKeyedProperty, Op(reference.Object), Op(reference.Key), _writer.Slot(_scope.IsStrict ? FeedbackSlotKind.StoreKeyedStrict : FeedbackSlotKind.StoreKeyedSloppy));
                break;
            case SuperProperty super:
                int mark = Mark();
                Register first = NewRegisters(4);
                Store(first.Next(3));
                Move(reference.Object, first);
                Move(reference.Receiver, first.Next());
                if (super.Name is { } name)
                {
                    CallRuntime(BytecodeRuntimeId.GetSuperBase, first, 1);
                    Store(first);
                    _writer.Emit(Opcode.LdaConstant, _writer.Constant(name.Value));
                    Store(first.Next(2));
                }
                else
                {
                    Move(reference.Key, first.Next(2));
                }

                _writer.Position(super.Position);
                CallRuntime(_scope.IsStrict ? BytecodeRuntimeId.StoreToSuperStrict : BytecodeRuntimeId.StoreToSuper, first, 4);
                Load(first.Next(3));
                Release(mark);
                break;
            case PrivateProperty:
                Unsupported("private names", reference.Target.Position);
                break;
            default:
                Register value = StoreInNewRegister();
                VisitForEffect(reference.Target);
                CallRuntimeWithString(BytecodeRuntimeId.ThrowReferenceError, "Invalid left-hand side in assignment");
                Load(value);
                break;
        }
    }
}
