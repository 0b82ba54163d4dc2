using System.Collections.Concurrent;
using System.Diagnostics;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.Running;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Clock;
using Observe.Collectors.VCenter.Events;
using Observe.Collectors.VCenter.Session;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>The same against vcsim, whose collectors of events give nothing more once they were read to their end, and which has no history of tasks.</summary>
public sealed class VcSimEventTests
{
    [Fact]
    public async Task Run_EventsTasksAndALostSession_AreToldOnceEach()
    {
        await using var vcsim = await VcSim.StartAsync();
        var stop = TestContext.Current.CancellationToken;
        var time = TimeProvider.System;
        var host = new Resource([], []);
        var losses = new LossCounters();
        var sink = new Taken();
        var log = new RecordingLogger<VCenterEvents>();
        var state = Directory.CreateTempSubdirectory("observe-vcsim-").FullName;
        using var timeline = new EventTimeline([sink], host, losses, time, new RecordingLogger<EventTimeline>());
        await using var session = new VCenterSession(
            new VCenterEndpoint(vcsim.Url) { Name = "main", Username = VcSim.User, Password = VcSim.Password, Insecure = true }, new VCenterOptions(), time, log);
        var utc = new UnifiedClock();
        using var clocks = new Observe.Collectors.Clock.ClockCollector(utc, host, time);
        var clock = new VCenterClock("main", session, () => session.Delays, utc, host, 0, time);
        await clock.AskAsync(stop);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var events = new VCenterEvents(new EventOptions("main", state) { TaskPoll = TimeSpan.FromSeconds(1) }, session, clock, null, timeline, host, losses, time, log);
        var running = events.RunAsync(stopping.Token);

        await vcsim.PostAsync("DrsVmMigratedEvent", count: 30);
        await Until(() => Count("vcenter.vm.migrated") == 30);
        var vm = (await vcsim.ListAsync("VirtualMachine")).Values.First();
        await vcsim.PowerAsync(vm, isOn: false);
        await Until(() => Count("vcenter.vm.powered_off") == 1 && sink.All.Any(each => each.Name == "vcenter.task.succeeded"));
        await vcsim.TerminateSessionsAsync();
        await vcsim.PostAsync("DrsVmMigratedEvent", count: 20);
        await Until(() => Count("vcenter.vm.migrated") == 50);
        await stopping.CancelAsync();
        await running;

        var keys = sink.All.Select(each => Delivery.Of(each, "vcenter.event.key")).OfType<string>().ToArray();
        keys.ShouldBeUnique();
        sink.All.Where(each => each.Name.StartsWith("vcenter.task.", StringComparison.Ordinal) && each.Name != "vcenter.task.queued")
            .Select(each => $"{each.Name} {Delivery.Of(each, "vcenter.task.id")}").ShouldBeUnique();
        losses.Counter("vcenter_event_missed").Value.ShouldBe(0);
        log.Lines.ShouldNotContain(line => line.Contains("begin anew"));
        Directory.Delete(state, recursive: true);

        int Count(string name) => sink.All.Count(each => each.Name == name);

        async Task Until(Func<bool> condition)
        {
            var began = Stopwatch.GetTimestamp();
            while (!condition())
            {
                Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30), $"{string.Join(" | ", log.Lines)} {string.Join(" | ", events.Status)} {string.Join(", ", sink.All.GroupBy(each => each.Name).Select(each => $"{each.Key} {each.Count()}"))}");
                await Task.Delay(50, stop);
            }
        }
    }

    private sealed class Taken : IEventSink
    {
        public ConcurrentQueue<ObservedEvent> All { get; } = new();

        public void Take(IReadOnlyList<TimelineEvent<ObservedEvent>> events)
        {
            foreach (var each in events)
                All.Enqueue(each.What);
        }
    }
}
