using Segno.MachineCode;
using Xunit;

namespace Segno.Tests.MachineCode;

public sealed unsafe class CodeMemoryTests
{
    private static byte[] ReturnConstant(int value)
    {
        MacroAssembler a = new();
        a.Move(Register.Rax, value);
        a.Return();
        return a.Code.ToArray();
    }

    [Fact]
    public void Published_code_runs_and_calls_other_code()
    {
        CodeMemory memory = CodeMemory.TryCreate(1 << 20)!;
        Assert.True(memory.IsDualMapped);
        nint seven = memory.Publish(ReturnConstant(7), []);
        MacroAssembler a = new();
        a.Push(Register.Rbp);
        a.CallCode(seven);
        a.Add(Register.Rax, 1);
        a.Pop(Register.Rbp);
        a.Return();
        nint eight = memory.Publish(a.Code, a.Relocations.ToArray());
        Assert.Equal(7, ((delegate* unmanaged<int>)seven)());
        Assert.Equal(8, ((delegate* unmanaged<int>)eight)());
        Assert.Equal(0, eight % CodeMemory.BlockAlignment);
    }

    [Fact]
    public void Addresses_in_code_are_relocated()
    {
        CodeMemory memory = CodeMemory.TryCreate(1 << 20)!;
        MacroAssembler a = new();
        Label table = a.NewLabel(), target = a.NewLabel();
        a.Jump(new MemoryOperand(table));
        a.Emit(Instruction.Ud2);
        a.Bind(target);
        a.Move(Register.Rax, 42);
        a.Return();
        a.Align(8);
        a.Bind(table);
        a.PutAddress(target);
        nint entry = memory.Publish(a.Code, a.Relocations.ToArray());
        Assert.Equal(42, ((delegate* unmanaged<int>)entry)());
    }

    [Fact]
    public void Freed_blocks_coalesce_and_are_used_again()
    {
        CodeMemory memory = CodeMemory.TryCreate(1 << 20)!;
        nint[] blocks = new nint[64];
        byte[] code = ReturnConstant(1);
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = memory.Publish(code, []);
        }

        int used = memory.UsedInBytes;
        new Random(1).Shuffle(blocks);
        foreach (nint block in blocks)
        {
            memory.Free(block, code.Length);
        }

        Assert.Equal(0, memory.UsedInBytes);
        nint large = memory.Publish(new byte[used], []);
        Assert.Equal(memory.Start, large);
    }

    [Fact]
    public void The_registry_finds_code_by_any_pc_and_safepoints_by_return_address()
    {
        CodeRegistry registry = new();
        SafepointTable safepoints = new([5, 9], [1, 6], 1);
        List<CodeInfo> infos = [];
        for (int i = 0; i < 2000; i++)
        {
            infos.Add(new CodeInfo($"c{i}", CodeKind.Stub, 0x10000 + (i * 64), 40, safepoints));
        }

        CodeInfo[] shuffled = infos.ToArray();
        new Random(3).Shuffle(shuffled);
        foreach (CodeInfo info in shuffled)
        {
            registry.Register(info);
        }

        for (int i = 0; i < infos.Count; i++)
        {
            nint start = 0x10000 + (i * 64);
            Assert.Same(infos[i], registry.Find(start));
            Assert.Same(infos[i], registry.Find(start + 39));
            Assert.Null(registry.Find(start + 40));
            Assert.Same(infos[i], registry.FindReturnAddress(start + 9, out int safepoint));
            Assert.Equal(1, safepoint);
            Assert.False(safepoints.IsTagged(safepoint, 0));
            Assert.True(safepoints.IsTagged(safepoint, 2));
            registry.FindReturnAddress(start + 10, out safepoint);
            Assert.Equal(-1, safepoint);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            registry.FindReturnAddress(0x10000 + (i * 64) + 5, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        registry.Unregister(infos[7]);
        Assert.Null(registry.Find(infos[7].Start));
        Assert.Same(infos[8], registry.Find(infos[8].Start));
    }

    [Fact]
    public void The_perf_map_has_one_line_per_code()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using (PerfMap map = new(path))
        {
            map.Add(new CodeInfo("Add", CodeKind.BytecodeHandler, 0x1000, 0x20, SafepointTable.Empty));
        }

        Assert.Equal("1000 20 segno:BytecodeHandler:Add\n", File.ReadAllText(path));
        File.Delete(path);
    }
}
