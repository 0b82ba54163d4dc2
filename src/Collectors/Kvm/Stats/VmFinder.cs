using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// Finds virtual machines: in debugfs, which lists them; where that cannot be read, among the descriptors of processes, of
/// those first whose name is a VMM's. Used by one thread.
/// </summary>
internal sealed class VmFinder
{
    /// <summary>Bytes of <c>/proc/PID/status</c> in which <c>Tgid</c> is.</summary>
    private const int StatusLength = 512;

    private readonly string debugfs;
    private readonly string byDescriptors;
    private readonly KernelPath path;
    private readonly KvmDescriptors descriptors;
    private readonly VmProcesses processes;
    private readonly byte[] status = new byte[StatusLength];
    private readonly List<(int First, int Second)> listed = [];
    private readonly Dictionary<(int Creator, int Descriptor), VmHandle> resolved = [];
    private readonly List<(int Creator, int Descriptor)> gone = [];
    private readonly List<VmHandle> found = [];

    /// <summary>Starts with none found.</summary>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="debugfs">KVM's directory in debugfs.</param>
    /// <param name="time">The clock.</param>
    internal VmFinder(string proc, string debugfs, TimeProvider time)
    {
        this.debugfs = debugfs;
        byDescriptors = $"descriptors of processes, because {debugfs} cannot be read (it is for root, and must be mounted)";
        path = new KernelPath(proc);
        descriptors = new KvmDescriptors(proc);
        processes = new VmProcesses(proc, descriptors, time);
    }

    /// <summary>How they are found, in words.</summary>
    internal string Method { get; private set; } = "not looked for yet";

    /// <summary>Virtual machines of which debugfs does not tell the process: the thread that made them is gone.</summary>
    internal int Unresolved { get; private set; }

    /// <summary>Those that are there now.</summary>
    /// <returns>Valid until the next call.</returns>
    internal IReadOnlyList<VmHandle> FindVms()
    {
        found.Clear();
        // Asked for beforehand: where it is not there, it is not every time, and an exception costs as much as all the rest.
        if (Directory.Exists(debugfs) && NumberedEntries.List(debugfs, listed) is null)
        {
            Resolve();
            Method = debugfs;
            return found;
        }
        processes.Find(found);
        Method = byDescriptors;
        return found;
    }

    private void Resolve()
    {
        Unresolved = 0;
        foreach (var name in listed)
        {
            if (!resolved.TryGetValue(name, out var vm))
                resolved.Add(name, vm = new VmHandle(ProcessOf(name.First, name.Second), name.Second, name.First));
            if (vm.Pid > 0)
                found.Add(vm);
            else
                Unresolved++;
        }
        if (resolved.Count == listed.Count)
            return;
        foreach (var name in resolved.Keys)
        {
            if (!listed.Contains(name))
                gone.Add(name);
        }
        foreach (var name in gone)
            resolved.Remove(name);
        gone.Clear();
    }

    /// <summary>
    /// The process of the thread that made a virtual machine; 0 if it is gone. Its number may be another's by now: where
    /// descriptors can be seen, that process must have this one.
    /// </summary>
    private int ProcessOf(int creator, int descriptor)
    {
        var length = KernelFile.Read(path.Of(creator, "/status"u8), status);
        if (length <= 0)
            return 0;
        var text = status.AsSpan(0, length);
        var key = "\nTgid:\t"u8;
        if (text.IndexOf(key) is not (>= 0 and var at) || !System.Buffers.Text.Utf8Parser.TryParse(text[(at + key.Length)..], out int pid, out _))
            return 0;
        return descriptors.List(pid) is not null || descriptors.Get(pid, descriptor).Kind == KvmLinkKind.Vm ? pid : 0;
    }
}
