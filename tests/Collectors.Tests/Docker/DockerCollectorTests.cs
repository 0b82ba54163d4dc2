using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Docker;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.Docker;

public sealed class DockerCollectorTests : DockerCollectorBed
{
    [Fact]
    public async Task Collect_RunningContainer_HasItsNameAndTheSamplesOwnTime()
    {
        engine.Add(A, "web");
        engine.Stats[A] = """
            {"read":"2026-01-01T00:00:05.000000100Z","pids_stats":{"current":3},"cpu_stats":{"cpu_usage":{"total_usage":7,"usage_in_kernelmode":2,"usage_in_usermode":5},"system_cpu_usage":100,"online_cpus":4,
            "throttling_data":{"periods":1,"throttled_periods":1,"throttled_time":9}},"memory_stats":{"usage":1000,"limit":4000,"stats":{"inactive_file":200,"file":300}},
            "networks":{"eth0":{"rx_bytes":1,"rx_packets":2,"rx_errors":3,"rx_dropped":4,"tx_bytes":5,"tx_packets":6,"tx_errors":7,"tx_dropped":8}},
            "blkio_stats":{"io_service_bytes_recursive":[{"major":8,"minor":0,"op":"read","value":11},{"major":8,"minor":0,"op":"Total","value":11}]}}
            """;
        Start();

        var points = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.PidsCount));

        Value(points, ContainerMetrics.CpuUsageTotal).ShouldBe(7);
        Value(points, ContainerMetrics.MemoryUsageTotal).ShouldBe(800);
        Value(points, ContainerMetrics.MemoryPercent).ShouldBe(20);
        Value(points, ContainerMetrics.NetworkTxDropped).ShouldBe(8);
        Value(points, ContainerMetrics.BlockBytes).ShouldBe(11);
        Value(points, ContainerMetrics.CpuThrottlingThrottledTime).ShouldBe(9);
        var point = points.Single(each => each.Series.Metric == ContainerMetrics.CpuUsageTotal);
        point.TimeUnixNano.ShouldBe(1767225605000000100UL);
        point.Series.StartTimeUnixNano.ShouldBe(1767225601500000000UL);
        point.Series.Resource.ShouldBeSameAs(registry.LabelsOfContainer(A)!.Resource);
        point.Series.Resource.Labels[0].ShouldBe(new Label("workload", "web"));
        points.ShouldNotContain(each => each.Series.Metric == ContainerMetrics.CpuLimit, "not among what is looked at most");
        point.Series.Resource.Attributes.ShouldNotContain(each => each.Key.StartsWith("container.env") || each.Key.StartsWith("container.label"));
    }

    [Fact]
    public async Task Collect_DetailLabelsAndEnvironmentAskedFor_AreThereAndNothingElse()
    {
        engine.Add(A, "web");
        engine.Stats[A] = """{"read":"2026-01-01T00:00:05Z","cpu_stats":{"cpu_usage":{"total_usage":7,"percpu_usage":[3,4]}},"memory_stats":{"usage":5,"max_usage":9,"stats":{"total_rss":3,"pgfault":8}}}""";
        Start(new DockerOptions { Detail = true, Labels = ["team", "absent"], Environment = ["TIER"] });

        var points = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.MemoryTotalRss));

        Value(points, ContainerMetrics.MemoryUsageMax).ShouldBe(9);
        Value(points, ContainerMetrics.MemoryPgfault).ShouldBe(8);
        Value(points, ContainerMetrics.CpuLimit).ShouldBe(0.5);
        points.Where(each => each.Series.Metric == ContainerMetrics.CpuUsagePerCpu).Select(each => (each.Series.Labels[0].Value, each.Value)).ShouldBe([("cpu0", 3), ("cpu1", 4)]);
        var attributes = points.First(each => each.Series.Metric == ContainerMetrics.CpuLimit).Series.Resource.Attributes.ToDictionary();
        attributes["container.label.team"].ShouldBe("blue");
        attributes["container.env.TIER"].ShouldBe("web");
        attributes.Values.ShouldNotContain(value => value.Contains("hunter2"));
        attributes.Keys.ShouldNotContain("container.label.absent");
    }

    [Fact]
    public async Task Collect_OneContainerHangs_TheOthersGoOn()
    {
        for (var i = 0; i < 40; i++)
            engine.Add($"{i:x12}{A[12..]}", $"c{i}");
        engine.Add(B, "hung");
        engine.Hung[B] = true;
        Start();

        var points = await UntilAsync(all => all.Count(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal) == 40);
        points.ShouldNotContain(point => point.Series.Metric == ContainerMetrics.Status && point.Series.Resource.Labels[0].Value == "hung");

        engine.Hung.Clear();
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal && point.Series.Resource.Labels[0].Value == "hung"), seconds: 30);
    }

    [Fact]
    public async Task Events_ConnectionsBreakAndAllIsToldAgain_EachIsCountedOnce()
    {
        const int Events = 400;
        engine.Add(A, "web");
        Start();
        await UntilAsync(_ => engine.Listeners == 1);
        var random = new Random(1);
        var at = Now;
        for (var i = 0; i < Events; i++)
        {
            engine.Say(i % 2 == 0 ? "pause" : "unpause", A, at += random.Next(1, 20_000_000));
            if (random.Next(80) != 0)
                continue;
            engine.Break();
            await UntilAsync(_ => engine.Listeners == 1);
        }

        var points = await UntilAsync(all => Count(all, "pause") + Count(all, "unpause") == Events);
        (Count(points, "pause"), Count(points, "unpause")).ShouldBe((Events / 2, Events / 2));
        losses.Counter("docker_event_missed").Value.ShouldBe(0);
    }

    [Fact]
    public async Task Life_DieAndOomAndDestroy_AreCountedAndExportedOnceMore()
    {
        engine.Add(A, "web");
        Start();
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));
        engine.Say("oom", A, Now);
        engine.Say("die", A, Now + 1, ("exitCode", "137"));
        engine.Say("exec_create: sh -c secret", A, Now + 2);
        engine.Containers.TryRemove(A, out _);
        engine.Say("destroy", A, Now + 3);

        var points = await UntilAsync(all => Count(all, "destroy") == 1);
        var last = points.Any(point => point.Series.Metric == ContainerMetrics.Exits) ? points : await CollectAsync();

        Value(last, ContainerMetrics.OomKills).ShouldBe(1);
        last.Single(point => point.Series.Metric == ContainerMetrics.Exits).Series.Labels[0].Value.ShouldBe("137");
        Count(last, "exec_create").ShouldBe(1);
        (await UntilAsync(all => !all.Any(point => point.Series.Metric.OtelName.StartsWith("container.")))).ShouldNotContain(point => point.Series.Metric == ContainerMetrics.Exits);
    }

    [Fact]
    public async Task Born_ContainerThatWasGoneBeforeItWasAskedAbout_IsNamedByItsEvents()
    {
        Start();
        await UntilAsync(_ => engine.Listeners == 1);
        engine.Say("create", B, Now, ("name", "short"), ("image", "web:1"));
        engine.Say("destroy", B, Now + 1, ("name", "short"), ("image", "web:1"));
        await UntilAsync(all => Count(all, "destroy") == 1);

        Workload workload = null!;
        for (var i = 0; i < 100 && workload?.IsSettled != true; i++)
        {
            workload = registry.Born(1UL, $"/docker/{B}", 1);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        workload.Name.ShouldBe("short");
        workload.Resource.Attributes.ToDictionary()["container.image.name"].ShouldBe("web:1");
    }

    [Fact]
    public async Task Resync_ContainerStartedAnewMeanwhile_BeginsItsCountersAnew()
    {
        var web = engine.Add(A, "web");
        web["RestartCount"] = 2;
        Start();
        var first = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal));
        Value(first, ContainerMetrics.Restarts).ShouldBe(2);

        // It ended and was started by hand, of which no event comes: the engine counts restarts from 0 again, and has made one since.
        web["RestartCount"] = 1;
        web["State"]!["StartedAt"] = "2026-01-01T00:10:00Z";
        engine.Break();

        var later = await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.CpuUsageTotal && point.Series.StartTimeUnixNano == 1767226200000000000UL));
        Value(later, ContainerMetrics.Restarts).ShouldBe(3);
        var removed = engine.Containers.TryRemove(A, out _);
        engine.Break();
        await UntilAsync(_ => losses.Counter("docker_event_missed").Value == 1);
        removed.ShouldBeTrue();
    }

    [Fact]
    public async Task Resync_NewerThanTheEventOfARemoval_CountsNoneAsMissed()
    {
        engine.Add(A, "web");
        Start();
        await UntilAsync(all => all.Any(point => point.Series.Metric == ContainerMetrics.Status));

        engine.Containers.TryRemove(A, out _).ShouldBeTrue();
        engine.Break();
        await UntilAsync(all => all.All(point => point.Series.Metric != ContainerMetrics.Status));
        // Connected again: the list is there, and the event still to come.
        await UntilAsync(_ => engine.Listeners == 1 && collector!.Status.Single().Level == StatusLevel.Ok);
        engine.Say("destroy", A, Now);

        // Longer than events are waited for.
        var began = Stopwatch.StartNew();
        await UntilAsync(_ => began.Elapsed > TimeSpan.FromSeconds(3));
        losses.Counter("docker_event_missed").Value.ShouldBe(0);
    }
}
