namespace Observe.Collectors.Identity;

public static partial class CgroupPathParser
{
    /// <summary>A dash inside a name, as systemd writes it in unit names.</summary>
    private const string EscapedDash = "\\x2d";

    private static bool TryMachine(ReadOnlySpan<char> component, ReadOnlySpan<char> parent, out Found found, out bool isVm) =>
        TryMachined(component, out found, out isVm)
        || TryLibvirtWithoutSystemd(component, out found, out isVm)
        || TryMicroVm(component, parent, out found, out isVm)
        || TryLxc(component, parent, out found);

    /// <summary><c>machine-NAME.scope</c> as systemd-machined makes it for libvirt, nspawn and others; and nspawn's own template units.</summary>
    private static bool TryMachined(ReadOnlySpan<char> component, out Found found, out bool isVm)
    {
        isVm = false;
        if (Between(component, "machine-", ".scope", out var name))
        {
            var text = component[name];
            // libvirt: <driver>-<domain id>-<domain name>, dashes escaped.
            if (TryLibvirt(text, "qemu", EscapedDash, out var domain) || TryLibvirt(text, "ch", EscapedDash, out domain))
            {
                isVm = true;
                return Accept(new Found(CgroupForm.Named, domain.Shift(name.Start.Value), "libvirt"), out found);
            }
            return TryLibvirt(text, "lxc", EscapedDash, out domain)
                ? Accept(new Found(CgroupForm.Named, domain.Shift(name.Start.Value), "libvirt-lxc"), out found)
                : Accept(new Found(CgroupForm.Named, name, "systemd-nspawn"), out found);
        }
        if (Between(component, "systemd-nspawn@", ".service", out name))
            return Accept(new Found(CgroupForm.Named, name, "systemd-nspawn"), out found);
        if (Between(component, "systemd-vmspawn@", ".service", out name))
        {
            isVm = true;
            return Accept(new Found(CgroupForm.Named, name, "systemd-vmspawn"), out found);
        }
        return Reject(out found);
    }

    /// <summary><c>/machine/qemu-3-web.libvirt-qemu</c>; before libvirt 1.3 without driver and id.</summary>
    private static bool TryLibvirtWithoutSystemd(ReadOnlySpan<char> component, out Found found, out bool isVm)
    {
        isVm = false;
        if (Between(component, "", ".libvirt-qemu", out var name))
        {
            isVm = true;
            return Accept(new Found(CgroupForm.Named, TryLibvirt(component[name], "qemu", "-", out var domain) ? domain : name, "libvirt"), out found);
        }
        return Between(component, "", ".libvirt-lxc", out name)
            ? Accept(new Found(CgroupForm.Named, TryLibvirt(component[name], "lxc", "-", out var container) ? container : name, "libvirt-lxc"), out found)
            : Reject(out found);
    }

    private static bool TryMicroVm(ReadOnlySpan<char> component, ReadOnlySpan<char> parent, out Found found, out bool isVm)
    {
        isVm = true;
        if (parent is "firecracker")
            return Accept(new Found(CgroupForm.Named, ..component.Length, "firecracker"), out found);
        // Proxmox VE: one scope a VM, named by its number.
        if (parent is "qemu.slice" && Between(component, "", ".scope", out var number) && IsDigits(component[number]))
            return Accept(new Found(CgroupForm.Named, number, "qemu"), out found);
        if (component.StartsWith("kata_", StringComparison.Ordinal) && component.Length == "kata_".Length + ContainerIdLength && IsLowerHex(component["kata_".Length..]))
            return Accept(new Found(CgroupForm.RandomId, "kata_".Length..component.Length, "kata"), out found);
        if (parent is "kata_overhead" && component.Length == ContainerIdLength && IsLowerHex(component))
            return Accept(new Found(CgroupForm.RandomId, ..component.Length, "kata"), out found);
        isVm = false;
        return Reject(out found);
    }

    /// <summary>LXC and what is built on it (LXD, Incus, Proxmox VE). The monitor, like conmon, is not the container.</summary>
    private static bool TryLxc(ReadOnlySpan<char> component, ReadOnlySpan<char> parent, out Found found)
    {
        if (Between(component, "lxc.payload.", "", out var name))
            return Accept(new Found(CgroupForm.Named, name, "lxc"), out found);
        return parent is "lxc" or "lxc.payload"
            ? Accept(new Found(CgroupForm.Named, ..component.Length, "lxc"), out found)
            : Reject(out found);
    }

    private static bool TryLibvirt(ReadOnlySpan<char> text, string driver, string dash, out Range domain)
    {
        domain = default;
        if (!text.StartsWith(driver, StringComparison.Ordinal) || !text[driver.Length..].StartsWith(dash, StringComparison.Ordinal))
            return false;
        var id = driver.Length + dash.Length;
        var end = text[id..].IndexOf(dash, StringComparison.Ordinal);
        var start = id + end + dash.Length;
        if (end <= 0 || !IsDigits(text[id..(id + end)]) || start >= text.Length)
            return false;
        domain = start..text.Length;
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    private static bool Between(ReadOnlySpan<char> text, string prefix, string suffix, out Range middle)
    {
        middle = default;
        if (text.Length <= prefix.Length + suffix.Length || !text.StartsWith(prefix, StringComparison.Ordinal) || !text.EndsWith(suffix, StringComparison.Ordinal))
            return false;
        middle = prefix.Length..(text.Length - suffix.Length);
        return true;
    }
}
