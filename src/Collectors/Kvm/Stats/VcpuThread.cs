using System.Buffers.Text;
using System.Text;
using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>
/// A thread that runs a vCPU, as the kernel accounts for any thread: CPU time to a tick of 10 ms, waiting to the ns
/// (schedstat; where a quota holds it back, that is in it). A vCPU that another thread takes over goes on from there.
/// </summary>
internal sealed class VcpuThread
{
    private const int MaxSchedstat = 80;
    private readonly byte[] buffer = new byte[MaxSchedstat];
    private byte[] schedstat = [];
    private VmmCpu cpu = new("");
    private (double Guest, double Userspace, double System, double Waiting) past;
    private double waitingNow;

    /// <summary>A thread.</summary>
    /// <param name="vcpu">KVM's number of the vCPU.</param>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="pid">The VMM.</param>
    /// <param name="tid">The thread.</param>
    internal VcpuThread(int vcpu, string proc, int pid, int tid)
    {
        Vcpu = vcpu;
        Become(proc, pid, tid);
    }

    /// <summary>KVM's number of the vCPU.</summary>
    internal int Vcpu { get; }

    /// <summary>The thread that runs it now.</summary>
    internal int Tid { get; private set; }

    /// <summary>Seconds in the guest.</summary>
    internal double Guest { get; private set; }

    /// <summary>Seconds in the VMM's own code.</summary>
    internal double Userspace { get; private set; }

    /// <summary>Seconds in the kernel: exits, and polling for the end of a halt.</summary>
    internal double System { get; private set; }

    /// <summary>Seconds runnable without a CPU.</summary>
    internal double Waiting { get; private set; }

    /// <summary>Another thread runs the vCPU from now on.</summary>
    /// <param name="proc">Where procfs is mounted.</param>
    /// <param name="pid">The VMM.</param>
    /// <param name="tid">The thread.</param>
    internal void Become(string proc, int pid, int tid)
    {
        past = (Guest, Userspace, System, Waiting);
        Tid = tid;
        cpu = new VmmCpu($"{proc}/{pid}/task/{tid}");
        schedstat = Encoding.UTF8.GetBytes($"{proc}/{pid}/task/{tid}/schedstat\0");
        waitingNow = 0;
    }

    /// <summary>Reads its times; what is gone keeps what it had. None of them goes back, as sampled times may by a tick.</summary>
    internal void Refresh()
    {
        cpu.Refresh();
        var length = KernelFile.Read(schedstat, buffer);
        if (length > 0)
            waitingNow = Delay(buffer.AsSpan(0, length)) ?? waitingNow;
        Guest = Math.Max(Guest, past.Guest + cpu.Ticks.Guest);
        Userspace = Math.Max(Userspace, past.Userspace + Math.Max(0, cpu.Ticks.User - cpu.Ticks.Guest));
        System = Math.Max(System, past.System + cpu.Ticks.System);
        Waiting = Math.Max(Waiting, past.Waiting + waitingNow);
    }

    /// <summary>The second number of a schedstat line, in seconds.</summary>
    internal static double? Delay(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        return space >= 0 && Utf8Parser.TryParse(line[(space + 1)..], out ulong nanoseconds, out _) ? nanoseconds / 1e9 : null;
    }
}
