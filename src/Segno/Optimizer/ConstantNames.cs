using System.Globalization;

namespace Segno.Optimizer;

/// <summary>
/// Names for the constants of a compilation, for printing: the same in every run. Maps have numbers, in the order in which the
/// compilation met them, and take the place of their addresses in listings.
/// </summary>
internal sealed class ConstantNames
{
    private readonly string[] _names;
    private readonly Dictionary<ulong, string> _byAddress = [];

    public ConstantNames(ConstantTable constants)
    {
        _names = new string[constants.Count];
        int maps = 0;
        for (int i = 0; i < _names.Length; i++)
        {
            string name = constants.NameOf(i);
            _names[i] = name == "map" ? string.Create(CultureInfo.InvariantCulture, $"map {maps++}") : name;
            if (constants.ImmovableAddress(i) != 0)
            {
                _byAddress[constants.ImmovableAddress(i)] = _names[i];
            }
        }
    }

    public string Of(int number) => _names[number];

    public string OfAddress(ulong address) => _byAddress.GetValueOrDefault(address, "?");

    /// <summary>A listing with names instead of the addresses of objects that never move.</summary>
    public string InListing(string listing)
    {
        foreach ((ulong address, string name) in _byAddress)
        {
            listing = listing.Replace(string.Create(CultureInfo.InvariantCulture, $"0x{address:x}"), "<" + name + ">", StringComparison.Ordinal);
        }

        return listing;
    }
}
