using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf;

/// <summary>The libbpf of this machine: found by its soname, checked once.</summary>
public static class LibBpfLibrary
{
    /// <summary>What to do where there is no usable libbpf.</summary>
    public const string Remedy = "install libbpf 1.0 or newer: 'apt install libbpf1' (Debian, Ubuntu) or 'dnf install libbpf' (Fedora, RHEL)";

    private static readonly Lock Gate = new();
    private static string? loaded;

    /// <summary>Loads libbpf, or says why it cannot be used. Never throws. Looks again after a failure: it may be installed meanwhile.</summary>
    /// <param name="version">For example <c>1.1</c>; empty when there is none.</param>
    /// <param name="problem">Null when libbpf is usable, else one line; <see cref="Remedy"/> is what to do.</param>
    public static bool TryLoad(out string version, [NotNullWhen(false)] out string? problem)
    {
        lock (Gate)
        {
            if (loaded is not null)
            {
                (version, problem) = (loaded, null);
                return true;
            }
            (version, problem) = Probe(LibBpf.Soname);
            loaded = problem is null ? version : null;
            return problem is null;
        }
    }

    /// <summary>Loads libbpf or throws.</summary>
    /// <exception cref="BpfException">There is no usable libbpf; the message has the remedy.</exception>
    internal static void Require()
    {
        if (!TryLoad(out _, out var problem))
            throw new BpfException("load", "libbpf", problem, Remedy);
    }

    internal static unsafe (string Version, string? Problem) Probe(string soname)
    {
        try
        {
            if (!NativeLibrary.TryLoad(soname, out var handle))
                return ("", Missing(soname));
            if (!NativeLibrary.TryGetExport(handle, "libbpf_major_version", out var majorVersion)
                || !NativeLibrary.TryGetExport(handle, "libbpf_minor_version", out var minorVersion))
                return ("", $"{soname} does not report a version");
            var (major, minor) = (((delegate* unmanaged[Cdecl]<uint>)majorVersion)(), ((delegate* unmanaged[Cdecl]<uint>)minorVersion)());
            var version = $"{major}.{minor}";
            if (major < 1)
                return (version, $"{soname} is version {version}, too old");
            LibBpfLog.Install();
            return (version, null);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return ("", $"{soname} cannot be used: {e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')}");
        }
    }

    private static string Missing(string soname) => NativeLibrary.TryLoad("libbpf.so.0", out _)
        ? $"{soname} cannot be loaded: only libbpf 0.x (libbpf.so.0) is installed, too old"
        : $"{soname} cannot be loaded: it is not installed, damaged, or its own libraries (libelf, zlib) are missing";
}
