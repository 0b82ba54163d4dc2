using System.Globalization;
using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// The statistics descriptors that a VMM has open itself, one a vCPU (QEMU since 8.1, commit 3b6f485275ae, on Linux 5.14 and later). They are borrowed for
/// the length of each reading and given back: each keeps its virtual machine alive (commit eed3013faa40, Linux 6.6 and
/// stable 6.1.43), or, before that, may be read after the machine is gone and freed. So a descriptor of the machine itself is borrowed first, and
/// holds it while the others are read.
/// </summary>
internal sealed class KvmStatsFiles : KvmStatsSource
{
    private const int EPERM = 1; // asm-generic/errno-base.h

    private readonly ForeignProcess process;
    private readonly int holder;
    private readonly (int Descriptor, int Vcpu)[] files;
    private readonly int dataOffset;
    private readonly byte[] data;
    private readonly (KvmStat Stat, KvmStatsDescriptor Descriptor)[] columns;

    private KvmStatsFiles(ForeignProcess process, int holder, (int Descriptor, int Vcpu)[] files, KvmBinaryStats layout, string description)
    {
        this.process = process;
        this.holder = holder;
        this.files = files;
        dataOffset = layout.DataOffset;
        columns = [.. Columns(layout)];
        data = new byte[columns.Max(column => column.Descriptor.End)];
        Description = description;
    }

    /// <inheritdoc/>
    internal override KvmStatsOrigin Origin => KvmStatsOrigin.Descriptors;

    /// <inheritdoc/>
    internal override string Description { get; }

    /// <summary>Looks for them.</summary>
    /// <param name="pid">The VMM.</param>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="reason">Why they cannot be had.</param>
    internal static KvmStatsFiles? TryOpen(int pid, string proc, out string reason)
    {
        var found = new KvmDescriptors(proc);
        reason = found.List(pid) ?? Refuse(found) ?? "";
        if (reason.Length > 0)
            return null;
        if (ForeignProcess.Open(pid, out var errno) is not { } process)
        {
            reason = $"process {pid} cannot be taken hold of: pidfd_open: {KernelFile.DescribeError(errno)}";
            return null;
        }
        try
        {
            var source = Open(process, found, out reason);
            if (source is null)
                process.Dispose();
            return source;
        }
        catch (InvalidDataException e)
        {
            process.Dispose();
            reason = e.Message;
            return null;
        }
    }

    /// <inheritdoc/>
    internal override string? Read(KvmVmStats stats)
    {
        using var held = process.Borrow(holder);
        if (Check(held, holder, out _) is { } lost)
            return lost;
        stats.BeginVcpus();
        foreach (var (descriptor, vcpu) in files)
        {
            using var file = process.Borrow(descriptor);
            if (Check(file, descriptor, out var link) is { } failure)
                return failure;
            if (link.Kind != KvmLinkKind.VcpuStats || (link.Vcpu >= 0 && link.Vcpu != vcpu))
                return $"descriptor {descriptor} of the VMM is not the statistics of vCPU {vcpu} any more";
            var length = file.Read(data, dataOffset);
            if (length < data.Length)
                return length < 0 ? $"statistics of vCPU {vcpu}: {KernelFile.DescribeError(length)}" : $"statistics of vCPU {vcpu} are cut off: {length} of {data.Length} bytes";
            ref var counters = ref stats.Vcpu(vcpu);
            foreach (var (stat, column) in columns)
                counters.Add(stat, KvmStatNames.IsTime(stat) ? column.ReadNanoseconds(data) : column.Read(data));
        }
        stats.EndVcpus();
        return null;
    }

    /// <inheritdoc/>
    public override void Dispose() => process.Dispose();

    private static string? Refuse(KvmDescriptors found) => found switch
    {
        { Stats.Count: 0 } => "the VMM has no statistics of its vCPUs open (QEMU has since 8.1, on Linux 5.14 and later)",
        { Vms.Count: > 1 } => $"the VMM has {found.Vms.Count} descriptors of virtual machines, whose statistics cannot be told apart",
        { Holder: < 0 } => "the VMM has statistics open, but neither a virtual machine nor a vCPU",
        _ => null,
    };

    private static KvmStatsFiles? Open(ForeignProcess process, KvmDescriptors found, out string reason)
    {
        using var held = process.Borrow(found.Holder);
        if (Check(held, found.Holder, out _) is { } refused)
        {
            reason = refused;
            return null;
        }
        KvmBinaryStats? layout = null;
        var files = new (int Descriptor, int Vcpu)[found.Stats.Count];
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = found.Stats[i];
            if (layout is not null && files[i].Vcpu >= 0)
                continue;
            // The layout is a constant of the kernel (kvm_vcpu_stats_header, kvm_vcpu_stats_desc): that of one vCPU is that of all.
            using var file = process.Borrow(files[i].Descriptor);
            if (ReadFront(file, out reason) is not { } front)
                return null;
            layout ??= front;
            if (files[i].Vcpu < 0 && !TryVcpu(front.Id, out files[i].Vcpu))
            {
                reason = $"statistics of the VMM are of nobody known: '{front.Id}'";
                return null;
            }
        }
        if (layout is null || !Columns(layout).Any())
        {
            reason = "the VMM's statistics have none of the names known here";
            return null;
        }
        reason = "";
        return new KvmStatsFiles(process, found.Holder, files, layout, found.Vcpus > files.Length
            ? string.Create(CultureInfo.InvariantCulture, $"statistics descriptors of the VMM, for {files.Length} of {found.Vcpus} vCPUs")
            : string.Create(CultureInfo.InvariantCulture, $"statistics descriptors of the VMM, for all {files.Length} vCPUs"));
    }

    private static KvmBinaryStats? ReadFront(BorrowedFile file, out string reason)
    {
        var head = new byte[KvmStatsHeader.Size];
        var length = file.Read(head, 0);
        if (length >= 0)
        {
            var front = new byte[KvmStatsHeader.Parse(head.AsSpan(0, length)).FrontLength];
            length = file.Read(front, 0);
            if (length >= 0)
            {
                reason = "";
                return KvmBinaryStats.Parse(front.AsSpan(0, length));
            }
        }
        reason = $"the VMM's statistics cannot be read: {KernelFile.DescribeError(length)}";
        return null;
    }

    /// <summary>Whether a borrowed descriptor is one of KVM: its number may be another file's by now.</summary>
    private static string? Check(in BorrowedFile file, int descriptor, out KvmLink link)
    {
        link = default;
        if (!file.IsOpen)
            return file.Error == EPERM
                ? $"the VMM's descriptors may not be borrowed (pidfd_getfd: {KernelFile.DescribeError(EPERM)}): run as root or with CAP_SYS_PTRACE"
                : $"the VMM's descriptor {descriptor} cannot be borrowed: pidfd_getfd: {KernelFile.DescribeError(file.Error)}";
        Span<byte> name = stackalloc byte[KvmLink.MaxName];
        var length = file.ReadName(name);
        if (length < 0)
            return $"the VMM's descriptor {descriptor} has no name: {KernelFile.DescribeError(length)}";
        link = KvmLink.Parse(name[..length]);
        return link.Kind == KvmLinkKind.Other ? $"descriptor {descriptor} of the VMM is none of KVM any more" : null;
    }

    private static IEnumerable<(KvmStat Stat, KvmStatsDescriptor Descriptor)> Columns(KvmBinaryStats layout)
    {
        for (var stat = default(KvmStat); (int)stat < KvmStatNames.Count; stat++)
        {
            foreach (var name in KvmStatNames.Of(stat).ToArray())
            {
                if (layout.Find(name) is { Type: KvmStatType.Cumulative } descriptor && (!KvmStatNames.IsTime(stat) || descriptor.Unit == KvmStatUnit.Seconds))
                    yield return (stat, descriptor);
            }
        }
    }

    /// <summary>The number in <c>kvm-123/vcpu-4</c>.</summary>
    private static bool TryVcpu(string id, out int vcpu)
    {
        const string mark = "/vcpu-";
        var at = id.IndexOf(mark, StringComparison.Ordinal);
        vcpu = -1;
        return at >= 0 && int.TryParse(id.AsSpan(at + mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out vcpu);
    }
}
