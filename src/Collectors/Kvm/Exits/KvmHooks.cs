using System.Globalization;
using System.Runtime.InteropServices;
using Observe.Bpf;

namespace Observe.Collectors.Kvm.Exits;

/// <summary>How exits are hooked on this kernel: what is set before load and which programs are attached.</summary>
internal sealed record KvmHooks
{
    /// <summary>The four hooks, and the tracepoints they are named after.</summary>
    private static readonly string[] Points = ["kvm_entry", "kvm_exit", "kvm_userspace_exit", "kvm_vcpu_wakeup"];

    private readonly Lazy<IReadOnlyDictionary<string, uint>> offsets;

    private readonly bool threeArguments;

    private KvmHooks(bool raw, bool threeArguments, Lazy<IReadOnlyDictionary<string, uint>> offsets)
    {
        Raw = raw;
        this.threeArguments = threeArguments;
        this.offsets = offsets;
    }

    /// <summary>Raw tracepoints, read where the kernel's types say; else classic ones, read as tracefs describes their records.</summary>
    public bool Raw { get; }

    /// <summary>The ways for a kernel, best first.</summary>
    /// <param name="sys">Where sysfs is mounted.</param>
    /// <exception cref="NotSupportedException">There is none; the message says what is missing.</exception>
    public static IReadOnlyList<KvmHooks> For(string sys)
    {
        var ways = new List<KvmHooks>();
        if (HasTypes(sys))
        {
            var types = new Lazy<IReadOnlyDictionary<string, uint>>(() => KvmTypes.Offsets(sys));
            // Up to 5.15 the reason is the first of three arguments; the kernel refuses that reading where there are two.
            ways.Add(new KvmHooks(raw: true, threeArguments: true, types));
            ways.Add(new KvmHooks(raw: true, threeArguments: false, types));
        }
        if (ReadOffsets(sys) is { } offsets)
            ways.Add(new KvmHooks(raw: false, threeArguments: false, new Lazy<IReadOnlyDictionary<string, uint>>(offsets)));
        return ways.Count > 0
            ? ways
            : throw new NotSupportedException($"neither BTF of KVM ({sys}/kernel/btf/kvm_*) nor its tracepoints' formats ({sys}/kernel/tracing/events/kvm) can be read: mount tracefs");
    }

    /// <summary>Whether a program of the object belongs to this way.</summary>
    /// <param name="program">Its name in <c>kvm.bpf.c</c>.</param>
    public bool Uses(string program) => program.EndsWith(Raw ? "_raw" : "_classic", StringComparison.Ordinal);

    /// <summary>Sets what the programs have to know.</summary>
    /// <param name="kernel">The object, not loaded yet.</param>
    /// <exception cref="NotSupportedException">The kernel's types have not what is read.</exception>
    /// <exception cref="BpfException">They cannot be read.</exception>
    public void Configure(BpfObject kernel)
    {
        foreach (var program in kernel.Programs)
            program.Autoload = Uses(program.Name);
        kernel.SetGlobal("exit_has_three_arguments", threeArguments);
        foreach (var (name, offset) in offsets.Value)
            kernel.SetGlobal(name, offset);
    }

    /// <summary>In words.</summary>
    public override string ToString() => Raw ? "exits by raw tracepoints" : "exits by classic tracepoints";

    /// <summary>The reason is found through the types of the half of KVM that runs; on arm64 it is an argument.</summary>
    private static bool HasTypes(string sys) =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        || Array.Exists(["kvm_amd", "kvm_intel"], module =>
            File.Exists($"{sys}/kernel/btf/{module}") || (Directory.Exists($"{sys}/module/{module}") && !File.Exists($"{sys}/module/{module}/initstate") && File.Exists($"{sys}/kernel/btf/vmlinux")));

    private static Dictionary<string, uint>? ReadOffsets(string sys)
    {
        (string Global, string Point, string Field, bool Needed)[] wanted =
        [
            ("entry_vcpu_offset", "kvm_entry", "vcpu_id", false),
            ("exit_reason_offset", "kvm_exit", RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "esr_ec" : "exit_reason", true),
            ("exit_isa_offset", "kvm_exit", "isa", false),
            ("wakeup_ns_offset", "kvm_vcpu_wakeup", "ns", true),
        ];
        foreach (var events in (string[])[$"{sys}/kernel/tracing/events/kvm", $"{sys}/kernel/debug/tracing/events/kvm"])
        {
            if (!Array.TrueForAll(Points, point => File.Exists($"{events}/{point}/format")))
                continue;
            var offsets = new Dictionary<string, uint>();
            foreach (var (global, point, field, needed) in wanted)
            {
                if (OffsetOf(File.ReadLines($"{events}/{point}/format"), field) is { } offset)
                    offsets[global] = offset;
                else if (needed)
                    return null;
            }
            return offsets;
        }
        return null;
    }

    /// <summary>From a line such as <c>field:unsigned int exit_reason;	offset:8;	size:4;	signed:0;</c>.</summary>
    private static uint? OffsetOf(IEnumerable<string> format, string field)
    {
        foreach (var line in format)
        {
            var parts = line.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Length > 1 && parts[0].StartsWith("field:", StringComparison.Ordinal) && parts[0].EndsWith(' ' + field, StringComparison.Ordinal)
                && parts[1].StartsWith("offset:", StringComparison.Ordinal) && uint.TryParse(parts[1].AsSpan("offset:".Length), CultureInfo.InvariantCulture, out var offset))
                return offset;
        }
        return null;
    }
}
