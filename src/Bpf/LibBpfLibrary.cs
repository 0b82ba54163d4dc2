using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>The libbpf of this machine: found by its soname, checked once.</summary>
public static class LibBpfLibrary
{
    private const string Remedy =
        "Install libbpf 1.0 or newer: 'apt install libbpf1' (Debian, Ubuntu) or 'dnf install libbpf' (Fedora, RHEL).";

    private static readonly Lazy<(string Version, string? Problem)> Probed = new(() => Probe(LibBpf.Soname));

    /// <summary>Loads libbpf, or says why it cannot be used and what to do about it. Never throws.</summary>
    /// <param name="version">For example <c>1.1</c>; empty when there is none.</param>
    /// <param name="problem">Null when libbpf is usable.</param>
    public static bool TryLoad(out string version, [NotNullWhen(false)] out string? problem)
    {
        (version, problem) = Probed.Value;
        return problem is null;
    }

    /// <summary>Loads libbpf or throws.</summary>
    /// <exception cref="BpfException">There is no usable libbpf; the message has the remedy.</exception>
    internal static void Require()
    {
        if (!TryLoad(out _, out var problem))
            throw new BpfException("load", LibBpf.Soname, problem);
    }

    internal static unsafe (string Version, string? Problem) Probe(string soname)
    {
        try
        {
            if (!NativeLibrary.TryLoad(soname, out var handle))
                return ("", Missing(soname));
            if (!NativeLibrary.TryGetExport(handle, "libbpf_major_version", out var majorVersion)
                || !NativeLibrary.TryGetExport(handle, "libbpf_minor_version", out var minorVersion))
                return ("", $"{soname} does not report a version. {Remedy}");
            var (major, minor) = (((delegate* unmanaged[Cdecl]<uint>)majorVersion)(), ((delegate* unmanaged[Cdecl]<uint>)minorVersion)());
            var version = $"{major}.{minor}";
            if (major < 1)
                return (version, $"{soname} is version {version}, too old. {Remedy}");
            LibBpfLog.Install();
            return (version, null);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return ("", $"{soname} cannot be used: {e.Message} {Remedy}");
        }
    }

    private static string Missing(string soname)
    {
        var old = NativeLibrary.TryLoad("libbpf.so.0", out _) ? "only libbpf 0.x (libbpf.so.0) is installed, too old" : "it is not installed";
        return $"{soname} cannot be loaded: {old}, or its own libraries (libelf, zlib) are missing. {Remedy}";
    }
}
