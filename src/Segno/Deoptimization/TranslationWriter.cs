namespace Segno.Deoptimization;

/// <summary>Writes translations into one array; equal ones are written once.</summary>
internal sealed class TranslationWriter
{
    private readonly List<byte> _bytes = [];
    private readonly List<byte> _current = [];
    private readonly Dictionary<ulong, List<(int Start, int Length)>> _known = [];

    public int SizeInBytes => _bytes.Count;

    public void Put(TranslationOpcode opcode) => _current.Add((byte)opcode);

    public void Put(long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest >= 0x80; rest >>= 7)
        {
            _current.Add((byte)(rest | 0x80));
        }

        _current.Add((byte)rest);
    }

    /// <summary>Ends a translation; where it begins in the array.</summary>
    public int Finish()
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in _current)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        if (!_known.TryGetValue(hash, out List<(int Start, int Length)>? candidates))
        {
            candidates = [];
            _known.Add(hash, candidates);
        }

        foreach ((int start, int length) in candidates)
        {
            if (length == _current.Count && System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes).Slice(start, length)
                .SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_current)))
            {
                _current.Clear();
                return start;
            }
        }

        int at = _bytes.Count;
        candidates.Add((at, _current.Count));
        _bytes.AddRange(_current);
        _current.Clear();
        return at;
    }

    public byte[] ToArray() => [.. _bytes];
}
