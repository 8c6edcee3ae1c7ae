using Segno.Layouts;

namespace Segno.Heap;

/// <summary>What the words of the stacks point into stays where it is (D5).</summary>
internal sealed unsafe partial class Scavenger
{
    /// <summary>
    /// Pins what the words of [start, end) point into or just past the end of (D5). Returns the number of words seen. No
    /// object has moved yet.
    /// </summary>
    public long CollectPins(ulong start, ulong end, int epoch)
    {
        ulong range = _reservation.SizeInBytes;
        for (ulong at = start; at < end; at += 8)
        {
            ulong word = *(ulong*)at;
            ulong distance = word - _base;
            if (distance >= range)
            {
                continue;
            }

            if (_kinds[distance >> WriteBarrier.PageSizeLog2] != PageKind.None)
            {
                Pin(word, epoch);
            }
        }

        return (long)((end - start) >> 3);
    }

    private void Pin(ulong word, int epoch)
    {
        PageDescriptor* page = _reservation.DescriptorOf(word);
        ulong inside = ObjectStarts.Find(_reservation, page, word, epoch);
        if (inside != 0)
        {
            PinObject(page, inside);
        }

        if (inside == word || inside == 0)
        {
            ulong before = ObjectStarts.Find(_reservation, page, word - 1, epoch);
            if (before != 0)
            {
                PinObject(page, before);
            }
        }
    }

    private void PinObject(PageDescriptor* page, ulong address)
    {
        ulong distance = address - _base;
        ulong bit = 1UL << (int)((distance >> 3) & 63);
        // The slot bits of young pages are unused: they serve as pin bits for the length of the scavenge.
        ulong* word = _reservation.SlotBits + (distance >> 9);
        if (page->Space == SpaceId.Large)
        {
            if (_kinds[page->FirstPage] == PageKind.FromLarge)
            {
                PromoteLarge(address);
            }
        }
        else if ((*word & bit) == 0)
        {
            *word |= bit;
            page->PinnedObjects++;
            _pins.Add(address);
            _pins.Add(*(ulong*)address);
        }
    }

    public int PinCount => _pins.Count / 2;

    /// <summary>Pinned objects forward to themselves and are scanned where they are.</summary>
    public void ForwardPins()
    {
        for (int i = 0; i < _pins.Count; i += 2)
        {
            Forwarding.Install(_pins[i], _pins[i]);
        }
    }

    public void ScanPins()
    {
        var visitor = new CopiedVisitor(this);
        for (int i = 0; i < _pins.Count; i += 2)
        {
            HeapLayouts.VisitBody(_pins[i], _pins[i + 1], ref visitor);
        }
    }

    /// <summary>After the closure: gives the pinned objects their maps back, so that weak processors see whole objects.</summary>
    public void RestorePins()
    {
        for (int i = 0; i < _pins.Count; i += 2)
        {
            *(ulong*)_pins[i] = _pins[i + 1];
        }
    }
}
