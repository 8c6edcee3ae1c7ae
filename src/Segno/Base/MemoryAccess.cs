namespace Segno.Base;

internal enum MemoryAccess
{
    None,
    Read,
    ReadWrite,
    ReadExecute,
}
