using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// KVM's files in debugfs, a directory for each virtual machine and in it a file of one number for each statistic, which is
/// the sum over all its vCPUs: the directories of vCPUs beneath have no statistics of this kind. For root only, and not under kernel lockdown. An open file would
/// keep the machine alive (kvm_debugfs_open in virt/kvm/kvm_main.c), so each is opened for each reading.
/// </summary>
internal sealed class KvmDebugfs : KvmStatsSource
{
    // asm-generic/errno-base.h
    private const int EPERM = 1;
    private const int EACCES = 13;

    /// <summary>Room for the longest number, with a newline.</summary>
    private const int MaxText = 32;

    private readonly (KvmStat Stat, byte[] Path)[] files;
    private readonly byte[] text = new byte[MaxText];
    private readonly string directory;

    private KvmDebugfs(string directory, (KvmStat Stat, byte[] Path)[] files)
    {
        this.directory = directory;
        this.files = files;
    }

    /// <inheritdoc/>
    internal override KvmStatsOrigin Origin => KvmStatsOrigin.Debugfs;

    /// <inheritdoc/>
    internal override string Description => $"{directory}, all vCPUs together";

    /// <summary>Looks for them.</summary>
    /// <param name="vm">Whose.</param>
    /// <param name="debugfs">KVM's directory in debugfs.</param>
    /// <param name="reason">Why they cannot be had.</param>
    internal static KvmDebugfs? TryOpen(VmHandle vm, string debugfs, out string reason)
    {
        if (vm.Creator == 0)
        {
            reason = $"{debugfs} cannot be read (it is for root, and must be mounted)";
            return null;
        }
        var directory = string.Create(CultureInfo.InvariantCulture, $"{debugfs}/{vm.Creator}-{vm.Descriptor}");
        var files = new List<(KvmStat Stat, byte[] Path)>();
        for (var stat = default(KvmStat); (int)stat < KvmStatNames.Count; stat++)
        {
            foreach (var name in KvmStatNames.Of(stat))
            {
                if (File.Exists($"{directory}/{name}"))
                    files.Add((stat, Encoding.UTF8.GetBytes($"{directory}/{name}\0")));
            }
        }
        if (files.Count == 0)
        {
            reason = $"{directory} has no file of the names known here";
            return null;
        }
        var source = new KvmDebugfs(directory, [.. files]);
        reason = source.TryRead(files[0].Path, out _) ?? "";
        return reason.Length == 0 ? source : null;
    }

    /// <inheritdoc/>
    internal override string? Read(KvmVmStats stats)
    {
        var counters = default(KvmCounters);
        foreach (var (stat, path) in files)
        {
            if (TryRead(path, out var value) is { } failure)
                return failure;
            counters.Add(stat, value);
        }
        stats.SetTotal(counters);
        return null;
    }

    /// <summary>Nothing is open.</summary>
    public override void Dispose()
    {
    }

    private string? TryRead(byte[] path, out ulong value)
    {
        value = 0;
        var length = KernelFile.Read(path, text);
        if (length < 0)
            return $"{Encoding.UTF8.GetString(path.AsSpan(..^1))}: {KernelFile.DescribeError(length)}{Hint(-length)}";
        return Utf8Parser.TryParse(text.AsSpan(0, length), out value, out _) ? null : $"{Encoding.UTF8.GetString(path.AsSpan(..^1))} is no number";
    }

    private static string Hint(int errno) => errno switch
    {
        EPERM => ", by kernel lockdown as it seems",
        EACCES => ", it is for root",
        _ => "",
    };
}
