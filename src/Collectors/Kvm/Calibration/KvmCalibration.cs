using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Observe.Bpf.Host;

namespace Observe.Collectors.Kvm.Calibration;

/// <summary>This host's own cost of a round trip into a guest, by a guest of one page that does nothing else.</summary>
/// <param name="Cpuid">CPUID, which the kernel answers; net of the loop around it.</param>
/// <param name="PortIo">Port I/O: to this process and back. The system call and one reading of the clock are in it.</param>
/// <param name="Halt">HLT: to this process and back, likewise.</param>
/// <param name="LoopNanos">One turn of the guest's loop without an exit, ns: six instructions.</param>
/// <param name="Pinned">Whether all was measured on one CPU.</param>
public sealed record KvmCalibration(RoundTrip Cpuid, RoundTrip PortIo, RoundTrip Halt, double LoopNanos, bool Pinned)
{
    /// <summary>Where KVM's device is.</summary>
    public const string DefaultDevice = "/dev/kvm";

    /// <summary>How long one kind is measured: a hundred samples where a round trip takes half a millisecond, and no burden.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(50);

    /// <summary>A guest that does not come back by then never will: all together takes a fifth of a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>CPUIDs in a run: enough to make the exit at its end small, few enough for many runs where each takes 30 us.</summary>
    private const int Batch = 32;

    /// <summary>Runs before the first sample: page faults and cold caches are not the cost of a round trip.</summary>
    private const int WarmUp = 16;

    /// <summary>Samples of one kind at the most: 50 ms of the fastest round trips known.</summary>
    private const int MostSamples = 65536;

    /// <summary>Samples of one kind at the least, to speak of a median.</summary>
    private const int FewestSamples = 8;

    /// <summary>The medians.</summary>
    public KvmCosts Costs => new(Cpuid.MedianNanos, PortIo.MedianNanos, Halt.MedianNanos);

    /// <summary>
    /// Whether KVM did not let the processor run the guest but went through its instructions one by one: then a plain loop is
    /// no cheaper than one with CPUID in it, and none of the numbers is the cost of an exit.
    /// </summary>
    public bool Interpreted => LoopNanos >= Cpuid.MedianNanos;

    /// <summary>Measures; takes about 0.2 s of one CPU, on a thread of its own.</summary>
    /// <param name="device">Where KVM's device is.</param>
    /// <exception cref="KvmUnavailableException">No guest can be run here.</exception>
    public static KvmCalibration Measure(string device = DefaultDevice)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new KvmUnavailableException(StatusLevel.Absent, "the guest is x86-64 code, and this host is not", null);
        KvmCalibration? result = null;
        ExceptionDispatchInfo? failure = null;
        // Of its own: the binding to a CPU ends with it. In the background: one that hangs in the guest does not keep the process.
        var thread = new Thread(() =>
        {
            try
            {
                result = MeasureHere(device);
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        { IsBackground = true, Name = "kvm calibration" };
        thread.Start();
        if (!thread.Join(Patience))
            throw new KvmUnavailableException(StatusLevel.Degraded, $"the guest did not come back within {Patience.TotalSeconds} s", "look at the kernel's log; report it with the kernel's release");
        failure?.Throw();
        return result!;
    }

    private static KvmCalibration MeasureHere(string device)
    {
        var pinned = CpuPin.ToCurrent();
        using var guest = new KvmGuest(device);
        var samples = new long[MostSamples];
        var empty = Sample(guest, KvmProgram.Empty, Batch, samples);
        var cpuid = Sample(guest, KvmProgram.CpuId, Batch, samples);
        var portIo = Sample(guest, KvmProgram.PortIo, 1, samples);
        var halt = Sample(guest, KvmProgram.Halt, 1, samples);
        // Both end with the same exit, so it is in neither difference.
        var net = new RoundTrip((cpuid.MedianNanos - empty.MedianNanos) / Batch, (cpuid.P99Nanos - empty.MedianNanos) / Batch, cpuid.Count);
        return new KvmCalibration(net, portIo, halt, (empty.MedianNanos - portIo.MedianNanos) / Batch, pinned);
    }

    private static RoundTrip Sample(KvmGuest guest, KvmProgram program, int operations, long[] samples)
    {
        guest.Start(program, operations);
        for (var i = 0; i < WarmUp; i++)
            RunOnce(guest, program);
        var count = 0;
        var start = Stopwatch.GetTimestamp();
        while (count < samples.Length && Stopwatch.GetElapsedTime(start) < Budget)
        {
            var before = Stopwatch.GetTimestamp();
            RunOnce(guest, program);
            samples[count++] = Stopwatch.GetTimestamp() - before;
        }
        var expected = (long)(count + WarmUp) * operations;
        if (guest.Operations is var counted && counted != expected)
            throw new KvmUnavailableException(StatusLevel.Degraded, $"{program.Name}: the guest counted {counted} operations where {expected} were asked for", "report it with the kernel's release");
        if (count < FewestSamples)
            throw new KvmUnavailableException(StatusLevel.Degraded, $"{program.Name}: only {count} samples in {Budget.TotalMilliseconds} ms", "try again when the host is less busy");
        var sorted = samples.AsSpan(0, count);
        sorted.Sort();
        return new RoundTrip(Nanos(sorted[count / 2]), Nanos(sorted[count * 99 / 100]), counted);
    }

    private static void RunOnce(KvmGuest guest, KvmProgram program)
    {
        if (guest.Run() is var reason && reason != program.ExitReason)
            throw new KvmUnavailableException(
                StatusLevel.Degraded, $"{program.Name}: the guest ended with exit reason {reason}, not {program.ExitReason}: this KVM cannot run it",
                "calibrate on a host whose KVM uses the processor's virtualization (kvm_intel, kvm_amd)");
    }

    private static double Nanos(long ticks) => ticks * (1e9 / Stopwatch.Frequency);
}
