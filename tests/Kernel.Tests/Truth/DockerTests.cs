using System.Text.Json.Nodes;
using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Containers of a real engine, against what the engine itself says and counts.</summary>
public sealed class DockerTests(DockerBed docker, ITestOutputHelper output) : IClassFixture<DockerBed>, IAsyncLifetime
{
    /// <summary>Between two samples of a container: as short as it goes, for tests to be.</summary>
    private const double SampleSeconds = 1;

    private readonly AgentUnderTest agent = new() { Options = ["--set", $"collectors.docker.endpoint={docker.Endpoint}", "--set", "collectors.docker.interval=1s"] };
    private long began;

    private static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    public async ValueTask InitializeAsync()
    {
        if (DockerBed.Missing is { } reason)
            Assert.Skip(reason);
        Assert.SkipWhen(Bed.InVm, "a container engine under emulation takes minutes: runs on the host");
        await agent.InitializeAsync();
        began = Now;
    }

    public async ValueTask DisposeAsync()
    {
        if (DockerBed.Missing is not null || Bed.InVm)
            return;
        await agent.DisposeAsync();
        foreach (var container in await docker.ListAsync())
            await docker.RemoveAsync((string)container!["Id"]!);
    }

    [Fact]
    public async Task Containers_TwoHundredStartedAndKilled_AllAppearNamedAndNoneRemains()
    {
        var count = Bed.Long ? 200 : 50;
        var seen = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        using var over = new CancellationTokenSource();
        var scraping = ScrapeUntilAsync(seen, over.Token);
        var ids = new string[count];
        var from = Scrape.Now;
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (i, _) =>
        {
            ids[i] = await docker.RunAsync($"many-{i}", i % 3 == 0 ? "true" : "sleep 60");
            if (i % 3 == 1)
                await Pass(0.5);
            await docker.RemoveAsync(ids[i]);
        });
        var took = Scrape.Now - from;
        await Pass(1.5);
        await over.CancelAsync();
        await scraping;
        var last = await agent.ScrapeAsync();

        output.WriteLine($"{count} containers in {took:0.0} s; names seen of {seen.Count(each => ids.Any(id => id.StartsWith(each.Key, StringComparison.Ordinal)))} of them; {last.Value("observe_docker_events_total", ("action", "start"))} starts, timeline late {last.Value("observe_timeline_events_total", ("source", "docker"), ("outcome", "late"))}");
        for (var i = 0; i < count; i++)
            seen.GetValueOrDefault(ids[i][..12]).ShouldBe([$"many-{i}"], $"container {i}");
        last.Document.Samples.Where(sample => ids.Any(id => sample.Labels.GetValueOrDefault("workload_id") == id[..12])).ShouldBeEmpty();
        last.Value("observe_docker_events_total", ("action", "start")).ShouldBe(count);
        last.Value("observe_docker_events_total", ("action", "destroy")).ShouldBe(count);
        last.Value("observe_docker_containers").ShouldBe(0);
        if (Bed.Long)
            took.ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Life_RestartsAndWantOfMemory_AreCountedAsTheEngineDoes()
    {
        var looping = await docker.RunAsync("looping", "exit 3", new JsonObject { ["RestartPolicy"] = new JsonObject { ["Name"] = "on-failure", ["MaximumRetryCount"] = 3 } });
        var killedBefore = KilledByKernel();
        var hungry = await docker.RunAsync("hungry", "tail /dev/zero; tail /dev/zero; tail /dev/zero; sleep 60", new JsonObject { ["Memory"] = 8 << 20, ["MemorySwap"] = 8 << 20 });
        (await UntilAsync(_ => KilledByKernel() - killedBefore >= 3)).ShouldBeTrue("the kernel kills three times");
        while ((string?)(await docker.InspectAsync(looping))["State"]!["Status"] != "exited")
            await Pass(0.2);
        await Pass(SampleSeconds);
        var scrape = await agent.ScrapeAsync();
        var said = await docker.EventsAsync(began, Now);
        var kills = said.Count(each => (string?)each["Action"] == "oom" && (string?)each["Actor"]!["ID"] == hungry);

        output.WriteLine($"engine: {kills} oom events for {KilledByKernel() - killedBefore} kills, {(int)(await docker.InspectAsync(looping))["RestartCount"]!} restarts");
        Of("container_restarts_total", "looping").ShouldBe((int)(await docker.InspectAsync(looping))["RestartCount"]!);
        Of("container_restarts_total", "looping").ShouldBe(3);
        scrape.Value("observe_container_exits_total", ("workload", "looping"), ("exit_code", "3")).ShouldBe(4);
        scrape.Value("container_status", ("workload", "looping"), ("status", "exited")).ShouldBe(1);
        Of("observe_container_exit_code", "looping").ShouldBe(3);
        Of("observe_oom_kills_total", "hungry").ShouldBe(KilledByKernel() - killedBefore);
        // The engine is told by a file descriptor that counts, and tells of one kill where there were several.
        var flagged = (bool)(await docker.InspectAsync(hungry))["State"]!["OOMKilled"]! ? 1 : 0;
        Of("observe_container_oom_kills_total", "hungry").ShouldBe(Math.Max(kills, flagged));
        foreach (var action in said.Select(each => ((string)each["Action"]!).Split(':')[0]).Distinct())
            scrape.Value("observe_docker_events_total", ("action", action)).ShouldBe(said.Count(each => ((string)each["Action"]!).StartsWith(action, StringComparison.Ordinal)), action);

        double Of(string metric, string workload) => scrape.Value(metric, ("workload", workload));
    }

    [Fact]
    public async Task CrossCheck_LimitedAndUnlimited_LedgerAndEngineAgreeToOnePercent()
    {
        await docker.RunAsync("limited", "while :; do :; done", new JsonObject { ["NanoCpus"] = 300_000_000 });
        await docker.RunAsync("unlimited", "while :; do :; done");
        await Pass(Bed.Seconds(16, 60));
        var scrape = await agent.ScrapeAsync();

        foreach (var (name, signal) in new[] { ("limited", "cpu"), ("limited", "throttled"), ("unlimited", "cpu") })
        {
            var ratio = scrape.Value("observe_crosscheck_ratio", ("workload", name), ("signal", signal));
            output.WriteLine($"{name} {signal}: {ratio:0.000000}");
            // The engine's number is as of the last tick on v1 (4 ms), ours to the nanosecond; each over at least two seconds here. A throttled
            // spell counts when it ends: the spell under way, of at most a period of 100 ms, is in one and not in the other.
            ratio.ShouldBe(1, 0.01);
        }
        // The same labels on what the kernel says and on what the engine does.
        foreach (var id in scrape.All("container_pids_count").Select(sample => sample.Labels["workload_id"]))
        {
            var labels = scrape.Document.Samples.Where(sample => sample.Labels.GetValueOrDefault("workload_id") == id)
                .Select(sample => (sample.Labels["workload"], sample.Labels["workload_kind"])).Distinct().ToArray();
            labels.Length.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Sample_ThatTheEngineGivesAtOnce_IsExported()
    {
        var id = await docker.RunAsync("sampled", "dd if=/dev/zero of=/file bs=64k count=64; sleep 60", new JsonObject { ["Memory"] = 64 << 20 });
        await Pass(2 * SampleSeconds);
        var scrape = await agent.ScrapeAsync();
        var stats = await docker.StatsAsync(id);
        var memory = stats["memory_stats"]!;
        var inactive = (double?)memory["stats"]!["total_inactive_file"] ?? (double?)memory["stats"]!["inactive_file"] ?? 0;

        // It sleeps: nothing of it changes any more.
        Value("container_cpu_usage_nanoseconds_total").ShouldBe((double)stats["cpu_stats"]!["cpu_usage"]!["total_usage"]!);
        Value("container_memory_usage_total_bytes").ShouldBe((double)memory["usage"]! - inactive);
        Value("container_memory_usage_limit_bytes").ShouldBe(64 << 20);
        Value("container_memory_percent").ShouldBe(((double)memory["usage"]! - inactive) / (64 << 20) * 100, 1e-9);
        Value("container_pids_count").ShouldBe(1);
        var info = scrape.All("observe_workload_info", ("workload", "sampled")).Single().Labels;
        info["container_image_name"].ShouldBe("busybox:test");
        info["container_id"].ShouldBe(id);
        // Only on request: there are secrets among them.
        info.Keys.ShouldNotContain(key => key.StartsWith("container_env") || key.StartsWith("container_label"));
        scrape.Text.ShouldNotContain("hunter2");

        double Value(string metric) => scrape.Value(metric, ("workload", "sampled"));
    }

    [Fact]
    public async Task Engine_KilledAndStartedAgain_NoEventIsLostAndNoneCountedTwice()
    {
        var heard = new List<JsonNode>();
        var listening = new TaskCompletionSource();
        using var over = new CancellationTokenSource();
        var first = docker.ListenAsync(heard, listening, over.Token);
        await listening.Task;
        await docker.RunAsync("stays", "sleep 600");
        for (var i = 0; i < 5; i++)
            await docker.RemoveAsync(await docker.RunAsync($"before-{i}", "sleep 60"));
        await docker.KillDaemonAsync("-KILL");
        await first;
        (await UntilAsync(scrape => scrape.Value("observe_collector_success", ("collector", "docker")) == 0)).ShouldBeTrue("a clear state while it is gone");
        await docker.StartDaemonAsync();
        for (var i = 0; i < 5; i++)
            await docker.RemoveAsync(await docker.RunAsync($"after-{i}", "sleep 60"));
        await UntilAsync(scrape => scrape.Sum("observe_docker_events_total", ("action", "destroy")) >= 10);
        var last = await agent.ScrapeAsync();
        heard.AddRange(await docker.EventsAsync(began, Now));
        var truth = heard.DistinctBy(each => ((long)each["timeNano"]!, (string)each["Action"]!, (string)each["Actor"]!["ID"]!)).ToArray();

        output.WriteLine($"{truth.Length} events, {heard.Count - truth.Length} of them heard twice");
        foreach (var action in truth.GroupBy(each => ((string)each["Action"]!).Split(':')[0]))
            last.Value("observe_docker_events_total", ("action", action.Key)).ShouldBe(action.Count(), action.Key);
        last.Sum("observe_docker_events_total").ShouldBe(truth.Length);
        last.Value("observe_timeline_events_total", ("source", "docker"), ("outcome", "accepted")).ShouldBe(truth.Length);
        last.Value("observe_collector_success", ("collector", "docker")).ShouldBe(1);
        last.Lost("docker_event_missed").ShouldBe(0);
    }

    /// <summary>Processes that the kernel has killed for want of memory since it booted, by its own count.</summary>
    private static long KilledByKernel() =>
        long.Parse(File.ReadLines("/proc/vmstat").Single(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<bool> UntilAsync(Func<Scrape, bool> condition)
    {
        for (var attempt = 0; attempt < 40; attempt++)
        {
            if (condition(await agent.ScrapeAsync()))
                return true;
            await Pass(0.2);
        }
        return false;
    }

    private static Task Pass(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));

    private async Task ScrapeUntilAsync(Dictionary<string, HashSet<string>> seen, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var sample in (await agent.ScrapeAsync()).Document.Samples)
            {
                if (sample.Labels.GetValueOrDefault("workload_kind") != "container")
                    continue;
                if (!seen.TryGetValue(sample.Labels["workload_id"], out var names))
                    seen.Add(sample.Labels["workload_id"], names = []);
                names.Add(sample.Labels["workload"]);
            }
            await Pass(0.7);
        }
    }
}
