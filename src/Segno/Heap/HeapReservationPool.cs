namespace Segno.Heap;

/// <summary>
/// Recycles address ranges with their resident pages between the heaps of the process (D17): a warm heap costs no system
/// call.
/// </summary>
internal static class HeapReservationPool
{
    private const int LargestPool = 32;
    /// <summary>A pooled range keeps at most this much committed; a larger one is trimmed.</summary>
    private const int ResidentPagesKept = 64;

    private static readonly Lock s_lock = new();
    private static readonly Stack<HeapReservation> s_pool = new();

    public static HeapReservation Rent()
    {
        lock (s_lock)
        {
            if (s_pool.TryPop(out HeapReservation? reservation))
            {
                return reservation;
            }
        }

        return HeapReservation.Create();
    }

    /// <summary>Takes a range back whose pages have all been released.</summary>
    public static void Return(HeapReservation reservation)
    {
        if (reservation.CommittedPages > ResidentPagesKept)
        {
            // Twice: the first call finds out what is idle.
            _ = reservation.Trim();
            _ = reservation.Trim();
        }

        lock (s_lock)
        {
            if (s_pool.Count < LargestPool)
            {
                s_pool.Push(reservation);
                return;
            }
        }

        reservation.Release();
    }
}
