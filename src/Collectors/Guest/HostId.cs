namespace Observe.Collectors.Guest;

/// <summary>
/// Which machine this is: the resource attribute <c>host.id</c>. First the SMBIOS UUID, readable by root only: it is the one
/// that the host beneath knows its guest by, and clones of one disk do not share it. Then <c>machine-id</c>.
/// </summary>
public static class HostId
{
    /// <summary>Reads it.</summary>
    /// <param name="sys">The system file system.</param>
    /// <param name="etc">The directory of <c>machine-id</c>.</param>
    /// <returns>A UUID in lower case with hyphens, else 32 hexadecimal digits; null if there is neither.</returns>
    public static string? Read(string sys, string etc)
    {
        var machine = Path.Combine(sys, "class/dmi/id");
        if (SmbiosUuid.TryParse(FirstLine.Of(Path.Combine(machine, "product_uuid")), out var uuid))
        {
            // Which of the two forms the kernel shows depends on the version of SMBIOS that the VM has; vCenter shows always the same, and
            // the serial number tells which.
            var serial = SmbiosUuid.OfVMwareSerial(FirstLine.Of(Path.Combine(machine, "product_serial")));
            return (serial == SmbiosUuid.Swap(uuid) ? serial.Value : uuid).ToString("D");
        }
        // "uninitialized" on an image that was never booted.
        return Guid.TryParseExact(FirstLine.Of(Path.Combine(etc, "machine-id")), "N", out var id) && id != Guid.Empty ? id.ToString("N") : null;
    }
}
