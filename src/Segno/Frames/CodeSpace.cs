using Segno.Heap;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;

namespace Segno.Frames;

/// <summary>
/// The life of an agent's code (D9, FRAME-4): instructions are published and registered together with a young <c>Code</c> object,
/// and freed when that object has died. What keeps it alive: its function, while it is valid, and every activation (the stack
/// scanner reports the code of each return address). So when a collection finds it dead, no frame can return into it.
/// </summary>
internal sealed unsafe class CodeSpace(Agent agent, CodeMemory memory, CodeRegistry registry) : IDisposable
{
    /// <summary>What is left of the code range for stubs when functions get no more.</summary>
    private const int ReserveInBytes = 8 << 20;

    private readonly List<InstalledCode?> _codes = [];
    private readonly Stack<int> _freeIds = [];

    /// <summary>Bytes of instructions that are not freed.</summary>
    public int LiveBytes { get; private set; }

    public int LiveCount { get; private set; }

    /// <summary>Whether the code range of the process has no room for code of functions: they stay in the tier they are in.</summary>
    public bool IsFull => memory.UsedInBytes > memory.CapacityInBytes - ReserveInBytes;

    /// <summary>Told of each code that is published.</summary>
    public Action<CodeInfo>? Published { get; set; }

    /// <summary>Told of each code whose instructions are freed, after the pause that found it dead.</summary>
    public Action<CodeInfo>? Freed { get; set; }

    /// <summary>Publishes instructions and makes their <c>Code</c>; it dies unless the caller refers to it from the heap.</summary>
    public Code Add(scoped in CodeDescription description)
    {
        FreeDead();
        SharedFunctionInfo shared = description.Shared;
        var code = new Code(agent.Heap.AllocateYoung(Code.HeaderSize));
        *(ulong*)code.Address = ReadOnlyRoots.Address(RootId.CodeMap);
        code.InitDeoptimizationData(Value.Undefined);
        code.NextDeoptimized = 0;
        code.InitShared(shared);
        code.InitBytecode(shared.Bytecode);
        nint start = memory.Publish(description.Instructions, description.Relocations);
        code.InstructionStart = (ulong)start;
        code.InstructionSize = description.Instructions.Length;
        code.Flags = (uint)description.Kind;

        int id = _freeIds.Count > 0 ? _freeIds.Pop() : _codes.Count;
        var info = new CodeInfo(description.Name, description.Kind, start, description.Instructions.Length, description.Safepoints ?? SafepointTable.Empty)
        {
            SpillSlotCount = description.SpillSlotCount, ReservedSlots = description.ReservedSlots, ReservesValues = description.ReservesValues,
        };
        var installed = new InstalledCode(info, description.Offsets) { Deoptimization = description.Deoptimization };
        info.Tag = installed;
        Handle handle = agent.Heap.Handles.Create(code);
        // Callback ids start at 1: 0 asks for no callback.
        handle.MakeWeak(id + 1);
        installed.Handle = handle;
        if (id == _codes.Count)
        {
            _codes.Add(installed);
        }
        else
        {
            _codes[id] = installed;
        }

        registry.Register(info);
        LiveBytes += info.SizeInBytes;
        LiveCount++;
        Published?.Invoke(info);
        return code;
    }

    /// <summary>Makes every call through a closure site enter a code. The cell refers to it weakly: somebody else keeps it alive.</summary>
    public static void Install(FeedbackCell cell, Code code)
    {
        cell.SetCode(code);
        cell.Entry = code.InstructionStart;
    }

    /// <summary>What is known of a code; it must be alive.</summary>
    public InstalledCode Find(Code code) => (InstalledCode)registry.Find((nint)code.InstructionStart)!.Tag!;

    /// <summary>Frees the instructions of the codes that collections have found dead. Not during a pause.</summary>
    public void FreeDead()
    {
        while (agent.Heap.TryTakeClearedHandle(out int id))
        {
            Free(id - 1);
        }
    }

    private void Free(int id)
    {
        InstalledCode installed = _codes[id]!;
        _codes[id] = null;
        _freeIds.Push(id);
        installed.Handle.Dispose();
        RequireUnused(installed.Info);
        Release(installed);
        Freed?.Invoke(installed.Info);
    }

    /// <summary>No frame returns into code that is freed (CODE-1).</summary>
    [System.Diagnostics.Conditional("CHECKED")]
    private void RequireUnused(CodeInfo info)
    {
        for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
        {
            if (walker.Current.Pc - (ulong)info.Start < (ulong)info.SizeInBytes)
            {
                throw new System.Diagnostics.UnreachableException($"CODE-1: {info.Name} is freed, and a frame returns into it");
            }
        }
    }

    private void Release(InstalledCode installed)
    {
        registry.Unregister(installed.Info);
        memory.Free(installed.Info.Start, installed.Info.SizeInBytes);
        LiveBytes -= installed.Info.SizeInBytes;
        LiveCount--;
    }

    /// <summary>An engine may be dropped without being disposed: the code range is the process's.</summary>
    ~CodeSpace() => ReleaseAll();

    /// <summary>With its agent go all its frames: everything is freed.</summary>
    public void Dispose()
    {
        ReleaseAll();
        GC.SuppressFinalize(this);
    }

    private void ReleaseAll()
    {
        foreach (InstalledCode? installed in _codes)
        {
            if (installed is not null)
            {
                Release(installed);
            }
        }

        _codes.Clear();
    }
}
