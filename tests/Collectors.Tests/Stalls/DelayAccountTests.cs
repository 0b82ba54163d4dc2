using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.Stalls;

/// <summary>Who made whom wait: every nanosecond in one series, and none that goes back.</summary>
public sealed class DelayAccountTests
{
    private readonly WorkloadRegistry registry = new();
    private ulong lastKey;

    [Fact]
    public void Export_MoreCulpritsThanNames_NamesTheLargestAndSumsUpTheRest()
    {
        var victim = Make("victim");
        var account = new DelayAccount(victim, 2, TimeProvider.System);
        foreach (var (name, nanoseconds) in (ReadOnlySpan<(string, long)>)[("small", 10), ("large", 1000), ("middle", 100), ("tiny", 1)])
            account.Add(Make(name), nanoseconds);
        account.Add(victim, 5);

        var first = Export(account);
        account.Add(registry.Born(2UL, "/small", 1), 7); // those with a name stand at 0 from there on
        var second = Export(account);

        first.Keys.Order().ShouldBe(["large/workload", "middle/workload", "other/other", "victim/self"]);
        first["other/other"].ShouldBe(1116, "what was caused before a name was given");
        second["other/other"].ShouldBe(1123);
    }

    [Fact]
    public void Export_NamedCulprit_CountsOnFromItsName()
    {
        var account = new DelayAccount(Make("victim"), 2, TimeProvider.System);
        var culprit = Make("culprit");
        account.Add(culprit, 100);
        Export(account);

        account.Add(culprit, 40);
        var shown = Export(account);

        shown["culprit/workload"].ShouldBe(40);
        shown["other/other"].ShouldBe(100);
    }

    [Fact]
    public void Export_AnotherCausedTwiceAsMuch_TakesTheName()
    {
        var account = new DelayAccount(Make("victim"), 1, TimeProvider.System);
        var (one, two) = (Make("one"), Make("two"));
        account.Add(one, 1);
        Export(account);
        account.Add(one, 100);

        account.Add(two, 201);
        Export(account).Keys.ShouldContain("one/workload");
        account.Add(two, 1);
        var shown = Export(account);

        shown.Keys.Order().ShouldBe(["other/other", "two/workload"]);
        shown["other/other"].ShouldBe(1 + 100 + 202);
    }

    [Fact]
    public void Forget_NamedCulprit_LeavesItsSumToTheOthersAndItsNameToAnother()
    {
        var account = new DelayAccount(Make("victim"), 1, TimeProvider.System);
        var (one, two) = (Make("one"), Make("two"));
        account.Add(one, 1);
        Export(account);
        account.Add(one, 100);
        account.Add(two, 5);
        Export(account);

        account.Forget(one);
        Export(account);
        account.Add(two, 8);
        var shown = Export(account);

        shown.ShouldBe(new Dictionary<string, long> { ["other/other"] = 106, ["two/workload"] = 8 }, ignoreOrder: true);
    }

    [Fact]
    public void Export_PartsWithoutAWorkload_HaveSeriesOfTheirOwn()
    {
        var account = new DelayAccount(Make("victim"), 1, TimeProvider.System);
        account.Add(new StallVictim { Charged = 31, Irq = 1, Steal = 2, Idle = 4, Unknown = 8, Other = 16 });

        Export(account).ShouldBe(
            new Dictionary<string, long> { ["interrupt/interrupt"] = 1, ["hypervisor/hypervisor"] = 2, ["idle/idle"] = 4, ["unknown/unknown"] = 8, ["other/other"] = 16 }, ignoreOrder: true);
    }

    [Fact]
    public void Export_ContainersOfOnePodAndTheKernel_AreToldApart()
    {
        const string Pod = "/kubepods/pod3f1b8e0c-2f1d-4a53-8f0e-1d2c3b4a5968";
        var victim = registry.Born(90UL, $"{Pod}/{new string('1', 64)}", 1);
        var account = new DelayAccount(victim, 8, TimeProvider.System);
        account.Add(registry.Born(91UL, $"{Pod}/{new string('2', 64)}", 1), 1);
        account.Add(registry.Born(92UL, $"/docker/{new string('3', 64)}", 1), 1);
        account.Add(WorkloadRegistry.Kernel, 1);

        Export(account).Keys.Select(key => key.Split('/')[1]).Order().ShouldBe(["kernel", "other", "sibling", "workload"]);
    }

    [Fact]
    public void Export_RandomLives_SumsAreWholeAndNothingGoesBack()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var victim = Make($"victim{seed}");
            var account = new DelayAccount(victim, 4, TimeProvider.System);
            var alive = Enumerable.Range(0, 12).Select(i => Make($"c{seed}-{i}")).Append(victim).ToList();
            var total = 0L;
            Dictionary<string, long> before = [];
            for (var step = 0; step < 300; step++)
            {
                for (var i = random.Next(10); i > 0; i--)
                {
                    var nanoseconds = random.NextInt64(1, 1L << random.Next(1, 40));
                    total += nanoseconds;
                    account.Add(alive[random.Next(alive.Count)], nanoseconds);
                }
                if (random.Next(10) == 0)
                {
                    var place = random.Next(alive.Count - 1);
                    account.Forget(alive[place]);
                    alive[place] = Make($"c{seed}-{step}-again");
                }
                var shown = Export(account);

                shown.Values.Sum().ShouldBe(total, $"seed {seed}, step {step}");
                shown.Count.ShouldBeLessThanOrEqualTo(4 + 2);
                foreach (var (name, value) in shown)
                    value.ShouldBeGreaterThanOrEqualTo(before.GetValueOrDefault(name), $"seed {seed}, step {step}: {name}");
                before = shown;
            }
        }
    }

    private Workload Make(string name) => registry.Born(++lastKey, $"/{name}", 1);

    /// <summary>What is shown, ns, by culprit and kind.</summary>
    private static Dictionary<string, long> Export(DelayAccount account)
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        account.Export(builder);
        using var lease = builder.Build(1);
        Dictionary<string, long> shown = [];
        foreach (var family in lease.Snapshot.Families)
        {
            if (family.Metric != MetricCatalog.Delay)
                continue;
            foreach (ref readonly var point in family.Points)
                shown.Add($"{ValueOf(point, "culprit")}/{ValueOf(point, "culprit_kind")}", (long)Math.Round(point.Value * 1e9));
        }
        return shown;
    }

    private static string ValueOf(in Point point, string label) => point.Series.Labels.First(each => each.Name == label).Value;
}
