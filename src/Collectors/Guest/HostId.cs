namespace Observe.Collectors.Guest;

/// <summary>
/// Which machine this is: the resource attribute <c>host.id</c>. First the SMBIOS UUID, readable by root only: it is the one
/// that the host beneath knows its guest by, and clones of one disk do not share it. Then <c>machine-id</c>.
/// </summary>
public static class HostId
{
    /// <summary>What firmware says that was never given a number of its own.</summary>
    private static readonly Guid[] Placeholders =
    [
        Guid.Empty,
        Guid.AllBitsSet,
        new("03000200-0400-0500-0006-000700080009"),
        new("12345678-1234-5678-90ab-cddeefaabbcc"),
    ];

    /// <summary>Reads it.</summary>
    /// <param name="sys">The system file system.</param>
    /// <param name="etc">The directory of <c>machine-id</c>.</param>
    /// <returns>A UUID in lower case with hyphens, else 32 hexadecimal digits; null if there is neither.</returns>
    public static string? Read(string sys, string etc)
    {
        if (Guid.TryParseExact(FirstLine.Of(Path.Combine(sys, "class/dmi/id/product_uuid")), "D", out var uuid) && !Placeholders.Contains(uuid))
            return uuid.ToString("D");
        // "uninitialized" on an image that was never booted.
        return Guid.TryParseExact(FirstLine.Of(Path.Combine(etc, "machine-id")), "N", out var machine) && machine != Guid.Empty ? machine.ToString("N") : null;
    }
}
