using System.Runtime.InteropServices;
using Segno.Base;
using Segno.Heap;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Managed objects that heap objects refer to by number: sources, syntax trees, scopes. Each belongs to a script, which the table
/// holds weakly, and goes with it: who needs one keeps the script alive.
/// </summary>
internal sealed unsafe class SourceTable : IWeakProcessor, IDisposable
{
    private const int None = -1;

    private object?[] _objects = new object?[64];

    /// <summary>The next object of the same script, or the next free number.</summary>
    private int[] _next = new int[64];
    private int _firstFree = None;
    private int _used;

    /// <summary>By script number: the Script, 0 if the number is free.</summary>
    [RawReferenceStorage("weak slots: updated in the pause by ProcessWeak")]
    private ulong* _scripts;

    /// <summary>By script number: its newest object, or the next free script number.</summary>
    private int[] _newest = new int[8];
    private int _firstFreeScript = None;
    private int _usedScripts;

    public SourceTable() => _scripts = (ulong*)NativeMemory.AllocZeroed((nuint)_newest.Length * sizeof(ulong));

    /// <summary>Objects held now.</summary>
    public int Count { get; private set; }

    public object? this[int id] => _objects[id];

    /// <summary>Numbers a new script.</summary>
    public void AddScript(Script script)
    {
        int number = _firstFreeScript;
        if (number != None)
        {
            _firstFreeScript = _newest[number];
        }
        else
        {
            number = _usedScripts++;
            if (number == _newest.Length)
            {
                Array.Resize(ref _newest, number * 2);
                _scripts = (ulong*)NativeMemory.Realloc(_scripts, (nuint)_newest.Length * sizeof(ulong));
            }
        }

        _scripts[number] = script.Address;
        _newest[number] = None;
        script.Id = number;
    }

    /// <summary>The number of an object that lives as long as the script.</summary>
    public int Add(Script script, object source)
    {
        int id = _firstFree;
        if (id != None)
        {
            _firstFree = _next[id];
        }
        else
        {
            id = _used++;
            if (id == _objects.Length)
            {
                Array.Resize(ref _objects, id * 2);
                Array.Resize(ref _next, id * 2);
            }
        }

        _objects[id] = source;
        _next[id] = _newest[script.Id];
        _newest[script.Id] = id;
        Count++;
        return id;
    }

    public void ProcessWeak(CollectionContext context)
    {
        for (int number = 0; number < _usedScripts; number++)
        {
            if (_scripts[number] != 0 && context.UpdateWeakSlot(_scripts + number))
            {
                Remove(number);
            }
        }
    }

    private void Remove(int number)
    {
        for (int id = _newest[number]; id != None;)
        {
            int next = _next[id];
            _objects[id] = null;
            _next[id] = _firstFree;
            _firstFree = id;
            Count--;
            id = next;
        }

        _scripts[number] = 0;
        _newest[number] = _firstFreeScript;
        _firstFreeScript = number;
    }

    public void Dispose()
    {
        NativeMemory.Free(_scripts);
        _scripts = null;
    }
}
