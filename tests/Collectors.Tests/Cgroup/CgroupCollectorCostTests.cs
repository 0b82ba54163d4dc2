using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Observe.Collectors.Cgroup;
using Observe.Collectors.Identity;
using Observe.Collectors.Tests.Identity;
using Observe.Telemetry;

namespace Observe.Collectors.Tests.Cgroup;

/// <summary>What a collection costs with a thousand cgroups of the kernel, each with a quota and a task.</summary>
[Collection(nameof(Alone))]
public sealed class CgroupCollectorCostTests(ITestOutputHelper output)
{
    private const int Cgroups = 1000;
    private const int Rounds = 25;

    /// <summary>
    /// The budget: CPU time of a collection as part of what reading the same files once costs, in the same run. It reads the
    /// pressure of few cgroups each time, and parses the rest.
    /// </summary>
    private const double Budget = 1.0;

    [Fact]
    public async Task Collect_ThousandLimitedCgroupsWithTasks_StaysInItsBudgetAndAllocatesNothing()
    {
        var layout = RealCgroup.RequireLayout();
        var cgroups = new List<RealCgroup>();
        using var sleepers = new Sleepers();
        try
        {
            var registry = new WorkloadRegistry();
            for (var i = 0; i < Cgroups; i++)
            {
                var cgroup = new RealCgroup(layout, $"/observe-test-cost-{i}.service");
                cgroups.Add(cgroup);
                cgroup.SetQuota(layout, 50_000);
                sleepers.Add(cgroup);
                registry.Born((ulong)i + 1, cgroup.Path, 1);
            }
            // Eight files a cgroup on a hybrid host; the default of a quarter of RLIMIT_NOFILE would do where that is at least 32,000.
            using var collector = new CgroupCollector(registry, layout, TimeProvider.System, maxOpenFiles: Cgroups * 8);
            var collection = new Collection();
            // Until all files are open: where the machine is busy, pressure takes several collections to come round.
            for (var i = 0; i < 40; i++)
                collection.Run(collector).Result.ShouldBe(CollectResult.Ok);

            SteadyAllocations.Of(() => collection.RunOnly(collector)).ShouldBe(0);
            // Tiered compilation, which test builds have at its slowest, goes on in the background for a while.
            await Task.Delay(500, TestContext.Current.CancellationToken);
            using var plain = new PlainReads("/observe-test-cost-");
            plain.Files.ShouldBe(collector.OpenFiles);
            double cost = 0, plainCost = 0;
            // In turns: what slows the machine down slows both.
            for (var i = 0; i < Rounds; i++)
            {
                cost += CpuMillisOf(() => collection.RunOnly(collector));
                plainCost += CpuMillisOf(plain.Run) * PlainReads.OneOf;
            }

            var all = collection.Run(collector);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Cgroups} cgroups, {layout.Mode}, PSI {(layout.HasPressure ? "on" : "off")}: CPU a collection {cost / Rounds:F2} ms, {cost / plainCost:F2} times what reading its files once takes ({plainCost / Rounds:F2} ms); {all.Series.Count} series; {collector.OpenFiles} files open, {collector.PressureReadings} workloads' pressure read"));
            all.Values.Keys.Count(key => key.Metric == MetricCatalog.QuotaCores).ShouldBe(Cgroups);
            if (layout.HasPressure)
                all.Values.Keys.Count(key => key.Metric == MetricCatalog.Pressure).ShouldBe(Cgroups * 6);
            collector.TransientOpens.ShouldBe(0);
            (cost / plainCost).ShouldBeLessThan(Budget);
        }
        finally
        {
            sleepers.Dispose();
            foreach (var cgroup in cgroups)
                cgroup.Dispose();
        }
    }

    private static double CpuMillisOf(Action action)
    {
        var before = CpuMillis();
        action();
        return CpuMillis() - before;
    }

    /// <summary>CPU time of this thread alone, ms, to a tick, of which many rounds have many: other tests' threads do not count, nor does the JIT's.</summary>
    private static double CpuMillis()
    {
        // The first number is ns on a CPU; the times in stat have a resolution of 10 ms.
        var text = File.ReadAllText("/proc/thread-self/schedstat");
        return ulong.Parse(text.AsSpan(0, text.IndexOf(' ')), CultureInfo.InvariantCulture) / 1e6;
    }

    /// <summary>The peer: the files that this process has open, read from their beginnings and nothing else: a sample of them, those of every fourth directory.</summary>
    private sealed class PlainReads : IDisposable
    {
        internal const int OneOf = 4;

        private readonly List<SafeFileHandle> handles = [];
        private readonly byte[] buffer = new byte[4096];

        /// <summary>Opens them.</summary>
        /// <param name="part">What is in the path of each.</param>
        internal PlainReads(string part)
        {
            // All of them twice would be more than many hosts let a process open.
            var paths = Directory.GetFiles("/proc/self/fd")
                .Select(each => File.ResolveLinkTarget(each, returnFinalTarget: false)?.FullName)
                .OfType<string>().Where(each => each.Contains(part, StringComparison.Ordinal))
                .GroupBy(Path.GetDirectoryName).OrderBy(each => each.Key, StringComparer.Ordinal).Where((_, i) => i % OneOf == 0).SelectMany(each => each).ToList();
            foreach (var path in paths)
                handles.Add(File.OpenHandle(path));
        }

        internal int Files => handles.Count * OneOf;

        public void Dispose() => handles.ForEach(each => each.Dispose());

        internal void Run()
        {
            foreach (var handle in handles)
                RandomAccess.Read(handle, buffer, 0);
        }
    }

    /// <summary>A sleeping process in each of many cgroups.</summary>
    private sealed class Sleepers : IDisposable
    {
        private readonly List<Process> processes = [];

        internal void Add(RealCgroup cgroup)
        {
            var process = Process.Start(new ProcessStartInfo("sleep", ["120"]))!;
            processes.Add(process);
            File.WriteAllText($"{cgroup.Cpu}/cgroup.procs", process.Id.ToString(CultureInfo.InvariantCulture));
            if (cgroup.Unified is { } unified && unified != cgroup.Cpu)
                File.WriteAllText($"{unified}/cgroup.procs", process.Id.ToString(CultureInfo.InvariantCulture));
        }

        public void Dispose()
        {
            foreach (var process in processes)
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
            processes.Clear();
        }
    }
}
