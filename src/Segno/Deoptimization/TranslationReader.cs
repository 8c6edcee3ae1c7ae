namespace Segno.Deoptimization;

/// <summary>Reads a translation; allocates nothing (DEOPT-1).</summary>
internal ref struct TranslationReader(byte[] bytes, int position)
{
    private readonly byte[] _bytes = bytes;
    private int _position = position;

    public TranslationOpcode NextOpcode() => (TranslationOpcode)_bytes[_position++];

    public long Next()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = _bytes[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }
    }
}
