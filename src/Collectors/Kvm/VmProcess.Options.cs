using System.Text;
using Observe.Collectors.Identity;

namespace Observe.Collectors.Kvm;

internal sealed partial record VmProcess
{
    /// <summary>Directories that sockets of different machines share; a machine's own directory is a better name than its socket.</summary>
    private static readonly string[] SharedDirectories = ["", "/tmp", "/run", "/var/run"];

    // QEMU: qemu-options.hx, "-name [guest=]string1[,process=string2][,debug-threads=on|off]".
    private static string? QemuName(IReadOnlyList<string> arguments)
    {
        const string kataPrefix = "sandbox-";
        var name = Field(Option(arguments, "name"), "guest", implied: "guest");
        // Kata (src/runtime/virtcontainers/qemu.go) names the machine after its sandbox, whose id its cgroup and its other VMMs have bare.
        return name is not null && name.Length == kataPrefix.Length + CgroupPathParser.ContainerIdLength && name.StartsWith(kataPrefix, StringComparison.Ordinal)
            ? name[kataPrefix.Length..]
            : name;
    }

    // QEMU: qemu-options.hx; -uuid is in the SMBIOS table, type 1, unless -smbios gives another.
    private static string? QemuUuid(IReadOnlyList<string> arguments) => Option(arguments, "smbios", value => Field(value, "type") == "1" && Field(value, "uuid") is not null) is { } system
        ? Field(system, "uuid")
        : Option(arguments, "uuid");

    // cloud-hypervisor: src/main.rs, "--api-socket <path>", "path=<path>" or "fd=<fd>". Kata: /run/vc/vm/<id>/clh-api.sock.
    private static string? SocketName(IReadOnlyList<string> arguments, string option)
    {
        const string libvirtSuffix = "-socket";
        if (Field(Option(arguments, option), "path", implied: "path") is not { Length: > 0 } path)
            return null;
        var file = Path.GetFileName(path);
        // libvirt (src/ch/ch_monitor.c): <state directory>/<name>-socket.
        if (file.EndsWith(libvirtSuffix, StringComparison.Ordinal))
            return file[..^libvirtSuffix.Length];
        var directory = Path.GetDirectoryName(path) ?? "";
        return SharedDirectories.Contains(directory) ? Path.GetFileNameWithoutExtension(file) : Path.GetFileName(directory);
    }

    /// <summary>The value of an option, given as <c>-o v</c>, <c>--o v</c> or <c>--o=v</c>; if it is there more than once, the last that is wanted.</summary>
    private static string? Option(IReadOnlyList<string> arguments, string name, Predicate<string>? wanted = null)
    {
        string? found = null;
        for (var i = 1; i < arguments.Count && arguments[i] != "--"; i++)
        {
            var argument = arguments[i].AsSpan();
            if (argument is not ['-', ..])
                continue;
            var option = argument[(argument is ['-', '-', ..] ? 2 : 1)..];
            string? value = null;
            if (option.SequenceEqual(name) && i + 1 < arguments.Count)
                value = arguments[++i];
            else if (option.Length > name.Length && option[name.Length] == '=' && option.StartsWith(name, StringComparison.Ordinal))
                value = option[(name.Length + 1)..].ToString();
            if (value is not null && wanted?.Invoke(value) != false)
                found = value;
        }
        return found;
    }

    /// <summary>
    /// One field of <c>key=value,key=value</c>, where a doubled comma is a comma (QEMU: util/qemu-option.c, get_opt_value; libvirt doubles them).
    /// </summary>
    /// <param name="text">The list; null gives null.</param>
    /// <param name="key">Which field; if it is there more than once, the last.</param>
    /// <param name="implied">Key of a first field that has none.</param>
    private static string? Field(string? text, string key, string? implied = null)
    {
        string? found = null;
        for (var at = 0; at < text?.Length;)
        {
            var mark = text.AsSpan(at).IndexOfAny('=', ',');
            var named = mark >= 0 && text[at + mark] == '=';
            var name = named ? text.AsSpan(at, mark) : at == 0 ? implied : "";
            var isIt = name.SequenceEqual(key);
            at += named ? mark + 1 : 0;
            var value = TakeValue(text, ref at);
            if (isIt)
                found = value;
        }
        return found;
    }

    private static string TakeValue(string text, ref int at)
    {
        var value = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] == ',' && (++at == text.Length || text[at] != ','))
                break;
            value.Append(text[at]);
        }
        return value.ToString();
    }
}
