namespace Observe.Collectors.Cgroup;

public sealed partial class CgroupLayout
{
    /// <summary>Where cgroups are mounted on every distribution.</summary>
    public const string DefaultRoot = "/sys/fs/cgroup";

    // Names by version, in the order of CgroupController.
    private static readonly string[] LegacyNames = ["cpu", "cpuacct", "memory", "blkio"];
    private static readonly string?[] UnifiedNames = ["cpu", null, "memory", "io"];

    /// <summary>Looks at this host.</summary>
    /// <param name="root">
    /// Where the host's cgroups are mounted: <c>/host/sys/fs/cgroup</c> in a container. Only what is mounted there or beneath
    /// counts; where nothing is mounted, the directories themselves are looked at.
    /// </param>
    public static CgroupLayout Detect(string root = DefaultRoot)
    {
        ArgumentNullException.ThrowIfNull(root);
        var trimmed = root.Length > 1 ? root.TrimEnd('/') : root;
        var mounts = Beneath(trimmed, CgroupMount.Parse(TryReadText("/proc/self/mountinfo")))
            // What something else is mounted over is still listed; every cgroup has this file.
            .FindAll(mount => File.Exists($"{mount.Directory}/cgroup.procs"));
        if (mounts.Count == 0)
            mounts = FromDirectories(trimmed);
        var unified = mounts.Find(mount => mount.IsUnified)?.Directory;
        var cpu = mounts.Find(mount => mount.Controllers.Contains("cpu"))?.Directory;
        var probe = new Probe(
            unified is null ? [] : TryReadText($"{unified}/cgroup.controllers").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            unified is not null && (cpu is null || HasChildren(unified) || !HasChildren(cpu)),
            // The file is there with PSI off, but cannot be opened.
            TryReadText("/proc/pressure/cpu").Length > 0,
            // The root of a hierarchy has no events; the root of a cgroup namespace, being some other cgroup, has.
            unified is not null && File.Exists($"{unified}/cgroup.events"),
            root,
            TryReadText("/proc/self/cgroup"),
            Environment.ProcessId);
        return From(mounts, probe);
    }

    /// <summary>Decides from the text of mountinfo alone, with what <paramref name="probe"/> found in the trees.</summary>
    internal static CgroupLayout Parse(string mountInfo, string root, in Probe probe) => From(Beneath(root, CgroupMount.Parse(mountInfo)), probe);

    private static CgroupLayout From(List<CgroupMount> mounts, Probe probe)
    {
        var unified = mounts.Find(mount => mount.IsUnified);
        var controllers = new CgroupMount?[LegacyNames.Length];
        for (var i = 0; i < controllers.Length; i++)
        {
            // A controller is either of v1 or of v2, never of both; usage is part of v2 itself, but only of use with the controller's hierarchy.
            var legacy = mounts.Find(mount => mount.Controllers.Contains(LegacyNames[i]));
            var ofUnified = UnifiedNames[i] is not { } name || probe.UnifiedControllers.Contains(name);
            controllers[i] = legacy ?? (ofUnified ? unified : null);
        }
        return new CgroupLayout(unified, controllers, probe);
    }

    /// <summary>The mounts at and beneath a directory, those of whole hierarchies first.</summary>
    private static List<CgroupMount> Beneath(string root, List<CgroupMount> mounts) =>
    [
        .. mounts.Where(mount => mount.Directory == root || mount.Directory.StartsWith(root.TrimEnd('/') + '/', StringComparison.Ordinal))
            .OrderBy(mount => mount.Root == "/" ? 0 : 1),
    ];

    /// <summary>For trees that are no mounts of this mount namespace's own, recursive binds that show as one, and copies.</summary>
    private static List<CgroupMount> FromDirectories(string root)
    {
        if (File.Exists($"{root}/cgroup.controllers"))
            return [new CgroupMount(root, "/", true, [])];
        var mounts = new List<CgroupMount>();
        if (File.Exists($"{root}/unified/cgroup.controllers"))
            mounts.Add(new CgroupMount($"{root}/unified", "/", true, []));
        if (!Directory.Exists(root))
            return mounts;
        // Controllers that share a hierarchy share a directory: cpu,cpuacct, with symbolic links for each.
        foreach (var directory in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            var names = Path.GetFileName(directory).Split(',');
            if (names.Any(LegacyNames.Contains) && File.Exists($"{directory}/cgroup.procs"))
                mounts.Add(new CgroupMount(directory, "/", false, names));
        }
        return mounts;
    }

    private static bool HasChildren(string directory)
    {
        try
        {
            return Directory.EnumerateDirectories(directory).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string TryReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
