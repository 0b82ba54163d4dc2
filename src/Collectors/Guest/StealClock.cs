using Observe.Bpf;
using Observe.Bpf.Types;

namespace Observe.Collectors.Guest;

/// <summary>The kernel's side of stolen time.</summary>
public static class StealClock
{
    /// <summary>Whether run queues keep it apart from running (CONFIG_PARAVIRT_TIME_ACCOUNTING), by the kernel's BTF; false if that cannot be read.</summary>
    public static bool IsKept()
    {
        try
        {
            using var kernel = new KernelBtf();
            return kernel.IsAvailable && kernel.HasField("rq", "prev_steal_time_rq");
        }
        catch (BpfException)
        {
            return false;
        }
    }
}
