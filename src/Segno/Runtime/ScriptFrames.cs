using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Runtime;

/// <summary>
/// The JavaScript frames of an agent from the innermost outwards: a frame of optimized code stands for as many as were inlined
/// into it. What they tell is the same in every tier.
/// </summary>
internal unsafe ref struct ScriptFrames(Agent agent)
{
    private StackWalker _walker = new(agent.Block);
    private int _index = -1;
    private ulong _function;
    private int _offset;

    public readonly JSFunction Function => new(_function);

    /// <summary>The bytecode that the frame is at; -1 in a builtin.</summary>
    public readonly int Offset => _offset;

    public bool MoveNext()
    {
        for (; !_walker.IsDone; _walker.Advance(), _index = -1)
        {
            if (TryRead())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next frame that a machine frame stands for; false behind the last.</summary>
    private bool TryRead()
    {
        StackFrame frame = _walker.Current;
        _index++;
        switch (frame.Kind)
        {
            case FrameKind.Interpreted when _index == 0:
                _function = frame.Slot(FrameLayout.Function);
                _offset = OffsetOf(frame.BytecodeOffset);
                return true;
            case FrameKind.Builtin when _index == 0:
                _function = frame.Slot(FrameLayout.BuiltinFunction);
                _offset = -1;
                return JSFunction.Is(new Value(_function)) && Function.Shared.IsBuiltin();
            case FrameKind.Optimized:
                if (!OptimizedFrames.Describe(frame.FramePointer, frame.Pc, _index, out _function, out _offset))
                {
                    return false;
                }

                _offset = OffsetOf(_offset);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whatever a builtin's code is made of, its frames look the same.</summary>
    private readonly int OffsetOf(int offset) => Function.Shared.Has(FunctionFlags.SelfHosted) ? -1 : offset;

    /// <summary>The innermost frame of script; false if there is none.</summary>
    public bool MoveToScript()
    {
        while (MoveNext())
        {
            if (_offset >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
