namespace Observe.Collectors.Guest;

/// <summary>
/// Which machine this is: the resource attribute <c>host.id</c>. First the SMBIOS UUID: it is the one that the host beneath knows its
/// guest by, and clones of one disk do not share it. Only root may read it; to another user systemd can hand it as the credential
/// <c>product_uuid</c>. Then <c>machine-id</c>.
/// </summary>
public static class HostId
{
    private const string Uuid = "product_uuid";
    private const string Serial = "product_serial";

    /// <summary>Reads it.</summary>
    /// <param name="sys">The system file system.</param>
    /// <param name="etc">The directory of <c>machine-id</c>.</param>
    /// <param name="credentials">Where systemd's credentials are; null for none.</param>
    /// <returns>A UUID in lower case with hyphens, else 32 hexadecimal digits; null if there is neither.</returns>
    public static string? Read(string sys, string etc, string? credentials = null)
    {
        if (SmbiosUuid.TryParse(OfMachine(Uuid), out var uuid))
        {
            // Which of the two forms the kernel shows depends on the version of SMBIOS that the VM has; vCenter shows always the same, and
            // the serial number tells which.
            var serial = SmbiosUuid.OfVMwareSerial(OfMachine(Serial));
            return (serial == SmbiosUuid.Swap(uuid) ? serial.Value : uuid).ToString("D");
        }
        // "uninitialized" on an image that was never booted.
        return Guid.TryParseExact(FirstLine.Of(Path.Combine(etc, "machine-id")), "N", out var id) && id != Guid.Empty ? id.ToString("N") : null;

        string? OfMachine(string name) =>
            FirstLine.Of(Path.Combine(sys, "class/dmi/id", name)) ?? (SystemdCredential.PathOf(name, credentials) is { } path ? FirstLine.Of(path) : null);
    }
}
