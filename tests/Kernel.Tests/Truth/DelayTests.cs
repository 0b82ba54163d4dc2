using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Who made whom wait, against loads of which that is known.</summary>
[Trait("kernels", "any")]
public sealed class DelayTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    /// <summary>Sums are exact in ns; the text has them as decimal fractions of a second, some ten of them.</summary>
    private const double Rounding = 1e-7;

    [Fact]
    public async Task Delay_OneRivalOnTheCpu_IsPutDownToIt()
    {
        var seconds = Bed.Seconds(5, 3, 10);
        await using var rivals = TestCgroup.Create("culprit");
        await using var group = TestCgroup.Create("victim");
        await using var rival = await Load.StartOnAsync(1, rivals, "spin", Bed.Text(seconds));
        await using var load = await Load.StartOnAsync(1, group, "spin", Bed.Text(seconds + 2));
        await Pass(0.5);
        var ranBefore = rivals.Usage();
        var first = await Agent.ScrapeAsync(); // gives the culprits their names
        var ranMeanwhile = rivals.Usage() - ranBefore;
        await rival.EndAsync(); // while the victim goes on: all that the rival ran, it was in its way
        var ran = rivals.Usage() - ranBefore;
        await load.EndAsync();
        var last = await Agent.ScrapeAsync();

        foreach (var scrape in (Scrape[])[first, last])
            CheckSums(scrape, scrape == last);
        var victim = last.IdOf(group);
        var charged = last.Value("observe_delay_charged_seconds_total", ("workload_id", victim)) - first.Sum("observe_delay_charged_seconds_total", ("workload_id", first.IdOf(group)));
        var caused = last.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_id", last.IdOf(rivals)))
            - first.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_id", last.IdOf(rivals)));
        var waited = (last.Workload(group.Path) - first.Workload(group.Path)).Waiting;
        Note($"waited {waited:0.000000}, charged {charged:0.000000}, of it the rival {caused:0.000000} ({100 * caused / charged:0.00} %)");
        Note(Shown(last, victim));
        charged.ShouldBeGreaterThan(0.25 * seconds, "half of its time the victim waits, in turns of some ms");
        charged.ShouldBeLessThanOrEqualTo(waited + 0.1, "the wait that was open at the first scrape is charged when it ends");
        // What others took of this CPU is rightly theirs. The cgroup's own account begins before the scrape, which takes its time.
        var between = (last.Workload(rivals.Path) - first.Workload(rivals.Path)).Running;
        Note($"the rival ran {between:0.000000} between the scrapes, by its cgroup's own account {ran:0.000000} and what it ran during the first");
        between.ShouldBeLessThanOrEqualTo(1.01 * ran);
        caused.ShouldBeInRange(0.95 * between, 1.05 * between);
        // By that account alone: at least what it ran after the scrape, at most what it ran since before.
        caused.ShouldBeInRange(0.95 * (ran - ranMeanwhile), 1.05 * ran);
    }

    [Fact]
    public async Task Delay_ThreadsOfOneWorkload_IsItsOwn()
    {
        await using var group = TestCgroup.Create("self");
        await using var load = await Load.StartOnAsync(1, group, "spin", Bed.Text(Bed.Seconds(3, 2)), "--threads", "3");
        await Pass(0.5);
        await Agent.ScrapeAsync();
        await load.EndAsync();
        var last = await Agent.ScrapeAsync();

        CheckSums(last, atRest: true);
        var victim = last.IdOf(group);
        var shown = Shown(last, victim);
        Note(shown);
        // The first half second is in other: names are given at a collection.
        var others = last.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_kind", "workload"));
        last.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_kind", "self"))
            .ShouldBeGreaterThan(0.4 * (last.Value("observe_delay_charged_seconds_total", ("workload_id", victim)) - others), shown);
    }

    [Fact]
    public async Task Delay_ManyVictimsAndFewNames_IsTheSameSummedUpEitherWay()
    {
        var seconds = Bed.Seconds(5, 4, 10);
        await using var few = new AgentUnderTest { Options = ["--set", "traces.culprits=1"] };
        await few.InitializeAsync();
        await using var one = TestCgroup.Create("rival-one");
        await using var two = TestCgroup.Create("rival-two");
        await using var three = TestCgroup.Create("rival-three");
        TestCgroup[] groups = [one, two, three];
        int[] threads = [1, 2, 1];
        List<Load> loads = [];
        for (var i = 0; i < groups.Length; i++)
            loads.Add(await Load.StartOnAsync(1, groups[i], "spin", Bed.Text(seconds), "--threads", $"{threads[i]}"));
        await Pass(0.5);
        var first = await few.ScrapeAsync(); // gives one culprit of each its name
        foreach (var load in loads)
            await load.EndAsync();
        foreach (var load in loads)
            await load.DisposeAsync();
        var last = await few.ScrapeAsync();

        CheckSums(last, atRest: true);
        string[] ids = [.. groups.Select(last.IdOf)];
        foreach (var id in ids)
            Note($"{id}: {Shown(last, id)}");
        // Both of the other workloads made each wait, and one name is all there is.
        foreach (var id in ids)
        {
            last.All("observe_delay_seconds_total", ("workload_id", id)).Count(each => each.Labels["culprit_kind"] == "workload").ShouldBe(1, Shown(last, id));
            Value(last, id, "other").ShouldBeGreaterThan(0.1, Shown(last, id));
        }
        // Summed up by victims, and by culprits: the same, to the last nanosecond of what is at rest.
        var charged = ids.Sum(id => last.Value("observe_delay_charged_seconds_total", ("workload_id", id)));
        var caused = ids.SelectMany(id => last.All("observe_delay_seconds_total", ("workload_id", id)))
            .GroupBy(each => (each.Labels["culprit_kind"], each.Labels["culprit_id"])).Sum(culprit => culprit.Sum(each => each.Value));
        caused.ShouldBe(charged, Rounding * ids.Length);
        ids.Sum(id => Value(last, id, "unknown")).ShouldBeLessThan(0.05 * charged);

        // Spinners wait for whole turns of the others, which are far over the threshold: nearly all of their waiting is charged.
        for (var i = 0; i < groups.Length; i++)
        {
            var waited = (last.Workload(groups[i].Path) - first.Workload(groups[i].Path)).Waiting;
            var blamed = last.Value("observe_delay_charged_seconds_total", ("workload_id", ids[i])) - first.Value("observe_delay_charged_seconds_total", ("workload_id", ids[i]));
            Note($"{ids[i]}: waited {waited:0.000000}, charged {blamed:0.000000}");
            blamed.ShouldBeInRange(0.9 * waited, waited + 0.1, "a wait that was open at the first scrape is charged when it ends");
        }
    }

    /// <summary>All parts of each workload's delay are its whole, which the kernel keeps apart.</summary>
    private static void CheckSums(Scrape scrape, bool atRest)
    {
        var workloads = 0;
        foreach (var whole in scrape.All("observe_delay_charged_seconds_total"))
        {
            var id = whole.Labels["workload_id"];
            var parts = scrape.Sum("observe_delay_seconds_total", ("workload_id", id), ("workload_kind", whole.Labels["workload_kind"]));
            // Of those that run, a wait that ends while the parts are read is in some of them.
            var isAtRest = atRest && whole.Labels["workload"].StartsWith("observe-test", StringComparison.Ordinal);
            parts.ShouldBe(whole.Value, isAtRest ? Rounding : 0.2, $"{id}: {Shown(scrape, id)}");
            workloads++;
        }
        workloads.ShouldBeGreaterThan(0);
    }

    private static double Value(Scrape scrape, string victim, string kind) => scrape.Sum("observe_delay_seconds_total", ("workload_id", victim), ("culprit_kind", kind));

    private static string Shown(Scrape scrape, string id) =>
        string.Join("; ", scrape.All("observe_delay_seconds_total", ("workload_id", id)).Select(each => $"{each.Labels["culprit"]} ({each.Labels["culprit_kind"]}) {each.Value:0.000000}"));
}
