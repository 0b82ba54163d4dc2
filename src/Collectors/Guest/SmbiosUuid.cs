namespace Observe.Collectors.Guest;

/// <summary>
/// UUIDs of machines in SMBIOS, of which there are two forms: from version 2.6 the first three fields are little-endian, before that
/// they were read in the order of the bytes. Who wrote the bytes may have meant the one and who reads them the other.
/// </summary>
public static class SmbiosUuid
{
    /// <summary>Reads one, in either case.</summary>
    /// <param name="text">With hyphens.</param>
    /// <param name="uuid">The number.</param>
    /// <returns>False for what is none, and for what firmware says that was never given a number of its own.</returns>
    public static bool TryParse(string? text, out Guid uuid) => Guid.TryParseExact(text, "D", out uuid) && !IsPlaceholder(uuid);

    /// <summary>The same bytes in the other form.</summary>
    /// <param name="uuid">In one form.</param>
    public static Guid Swap(Guid uuid) => new(uuid.ToByteArray(), bigEndian: true);

    /// <summary>Reads VMware's serial number, which has the bytes of the UUID in their order: <c>VMware-56 4d 3a 01 ... -2c 6d ...</c>.</summary>
    /// <param name="serial">SMBIOS' serial number of the system.</param>
    /// <returns>The UUID as VMware writes it; null for another serial number.</returns>
    public static Guid? OfVMwareSerial(string? serial)
    {
        const string prefix = "VMware-";
        if (serial is null || !serial.StartsWith(prefix, StringComparison.Ordinal))
            return null;
        var digits = string.Concat(serial[prefix.Length..].Where(char.IsAsciiHexDigit));
        return Guid.TryParseExact(digits, "N", out var uuid) && !IsPlaceholder(uuid) ? uuid : null;
    }

    private static bool IsPlaceholder(Guid uuid) => Placeholders.Contains(uuid);

    private static readonly Guid[] Placeholders =
    [
        Guid.Empty,
        Guid.AllBitsSet,
        new("03000200-0400-0500-0006-000700080009"),
        new("12345678-1234-5678-90ab-cddeefaabbcc"),
    ];
}
