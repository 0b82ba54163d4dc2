using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

/// <summary>Runs on each CPU for a moment, so that each goes through its scheduler.</summary>
public static class CpuVisit
{
    /// <summary>Visits the online CPUs one after the other, on a thread of its own.</summary>
    /// <param name="timeout">
    /// How long to wait. A CPU that a real-time thread keeps busy lets nobody in; the visit is then finished whenever it does.
    /// </param>
    /// <returns>Whether all were visited in time.</returns>
    public static bool All(TimeSpan timeout)
    {
        var cpus = CpuSet.Online.Ids;
        var visitor = new Thread(() => Visit(cpus)) { IsBackground = true, Name = "cpu visit" };
        visitor.Start();
        return visitor.Join(timeout);
    }

    private static void Visit(IEnumerable<int> cpus)
    {
        foreach (var cpu in cpus)
            LibC.RunOn(cpu);
    }
}
