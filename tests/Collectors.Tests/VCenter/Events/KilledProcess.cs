using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Clock;
using Observe.Collectors.VCenter.Events;
using Observe.Collectors.VCenter.Session;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>An agent's events part in a process of its own, over HTTP, with nothing simulated: to be killed.</summary>
public sealed class KilledProcess
{
    private const string Url = "OBSERVE_TEST_EVENTS_URL";
    private const string State = "OBSERVE_TEST_EVENTS_STATE";

    /// <summary>What was delivered: a line for each event, with the process that did.</summary>
    private const string Deliveries = "delivered";

    /// <summary>Starts one.</summary>
    /// <param name="url">The vCenter.</param>
    /// <param name="state">Where it keeps its state, and says what it has delivered.</param>
    internal static Process Start(Uri url, string state) => Process.Start(new ProcessStartInfo(Path.ChangeExtension(typeof(KilledProcess).Assembly.Location, null), ["-noColor", "-explicit", "only", "-method", $"{typeof(KilledProcess).FullName}.{nameof(Live)}"])
    {
        Environment = { [Url] = url.ToString(), [State] = state },
        RedirectStandardOutput = true,
    })!;

    /// <summary>What all have delivered: number of the event, and process.</summary>
    internal static (int Key, int Process)[] Read(string state)
    {
        var path = Path.Combine(state, Deliveries);
        if (!File.Exists(path))
            return [];
        var text = File.ReadAllText(path);
        // The last line may be half a line.
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(parts => (int.Parse(parts[0]), int.Parse(parts[1])))];
    }

    [Fact(Explicit = true)]
    public async Task Live()
    {
        if (Environment.GetEnvironmentVariable(Url) is not { } url || Environment.GetEnvironmentVariable(State) is not { } state)
            return;
        var time = TimeProvider.System;
        var host = new Resource([], []);
        var losses = new LossCounters();
        using var timeline = new EventTimeline([new FileSink(Path.Combine(state, Deliveries))], host, losses, time, NullLogger<EventTimeline>.Instance);
        await using var session = new VCenterSession(
            new VCenterEndpoint(new Uri(url)) { Name = "main", Username = "reader", Password = "correct horse" }, new VCenterOptions { Timeout = TimeSpan.FromSeconds(5) }, time, NullLogger.Instance);
        var utc = new UnifiedClock();
        using var clocks = new Observe.Collectors.Clock.ClockCollector(utc, host, time);
        var clock = new VCenterClock("main", session, () => session.Delays, utc, host, 0, time);
        _ = clock.RunAsync(CancellationToken.None);
        while (!clock.IsReady)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        var events = new VCenterEvents(new EventOptions("main", state), session, clock, null, timeline, host, losses, time, NullLogger.Instance);
        await events.RunAsync(TestContext.Current.CancellationToken);
    }

    private sealed class FileSink(string path) : IEventSink
    {
        public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events) =>
            File.AppendAllLines(path, events.Where(each => Delivery.Of(each.What, "vcenter.event.key") is not null).Select(each => $"{Delivery.Identity(each.What).Key} {Environment.ProcessId}"));
    }
}
