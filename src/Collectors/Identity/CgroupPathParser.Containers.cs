using System.Buffers;

namespace Observe.Collectors.Identity;

public static partial class CgroupPathParser
{
    /// <summary>Length of a container id, in hexadecimal digits: 256 random bits, for every OCI runtime.</summary>
    internal const int ContainerIdLength = 64;

    // BuildKit ids: 128 random bits in base 36, written with 25 digits (moby/buildkit identity/randomid.go).
    private const int BuildKitIdLength = 25;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private static bool TryContainer(ReadOnlySpan<char> component, ReadOnlySpan<char> parent, out Found found)
    {
        // <prefix>-<id>.scope (systemd driver), <prefix>-<id> or <id> (cgroupfs driver), <slice>:<prefix>:<id> (systemd path, cgroupfs driver).
        var name = component.EndsWith(".scope", StringComparison.Ordinal) ? component[..^".scope".Length] : component;
        var colon = name.LastIndexOf(':');
        var id = name.Length - ContainerIdLength;
        if (id >= 0 && IsLowerHex(name[id..]))
        {
            if (id == 0)
                return Accept(new Found(CgroupForm.RandomId, id..name.Length, RuntimeOfParent(parent)), out found);
            var prefix = name[..(id - 1)];
            if (name[id - 1] == ':')
                return Accept(new Found(CgroupForm.RandomId, id..name.Length, RuntimeOfPrefix(prefix[(prefix.LastIndexOf(':') + 1)..]), PodUidOfSlice(prefix)), out found);
            // conmon watches a container from outside of it: not the container's time.
            if (name[id - 1] == '-' && !prefix.EndsWith("conmon", StringComparison.Ordinal))
                return Accept(new Found(CgroupForm.RandomId, id..name.Length, RuntimeOfPrefix(prefix)), out found);
        }
        else if (IsBuildKitId(name[(colon + 1)..]) && (colon < 0 ? parent is "buildkit" : name[..colon].EndsWith(":buildkit", StringComparison.Ordinal)))
        {
            return Accept(new Found(CgroupForm.RandomId, (colon + 1)..name.Length, "buildkit"), out found);
        }
        return Reject(out found);
    }

    private static string? RuntimeOfPrefix(ReadOnlySpan<char> prefix) => prefix switch
    {
        "docker" => "docker",
        "cri-containerd" or "nerdctl" => "containerd",
        "crio" => "cri-o",
        "libpod" or "libpod-payload" => "podman",
        "buildkit" => "buildkit",
        _ => null,
    };

    private static string? RuntimeOfParent(ReadOnlySpan<char> parent) => parent switch
    {
        "docker" => "docker",
        // containerd's cgroupfs paths are /<namespace>/<id>: ctr and nerdctl use "default", CRI without a parent "k8s.io".
        "default" or "k8s.io" => "containerd",
        _ => null,
    };

    internal static bool IsLowerHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(LowerHex);

    private static bool IsBuildKitId(ReadOnlySpan<char> text) =>
        text.Length == BuildKitIdLength && !text.ContainsAnyExceptInRange('0', 'z') && text.IndexOfAnyInRange(':', '`') < 0;

    private static bool Accept(in Found value, out Found found)
    {
        found = value;
        return true;
    }

    private static bool Reject(out Found found)
    {
        found = default;
        return false;
    }
}
