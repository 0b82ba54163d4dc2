using System.Diagnostics;
using Observe.Agent.Live;
using Observe.Agent.Live.Recent;
using Observe.Collectors.Identity;
using Observe.Collectors.Stalls;
using Observe.Collectors.Traces;
using Observe.Collectors.Traces.Verdicts;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;
using Observe.Tests;

namespace Observe.Agent.Tests.Live;

public sealed class RecentPastTests
{
    private const long Moment = 1_800_000_000_000_000_000;
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateFromString("0123456789abcdef0123456789abcdef");
    private static readonly ActivitySpanId Span = ActivitySpanId.CreateFromString("0123456789abcdef");

    private readonly ManualTime time = new();
    private readonly WorkloadRegistry registry = new();
    private readonly Happenings happenings;
    private readonly RecentPast past;

    public RecentPastTests()
    {
        happenings = new Happenings(registry);
        past = new RecentPast(new RecentSubjects(registry), new LiveSequence(time), time);
    }

    [Fact]
    public void Take_MoreThanThereIsRoomFor_KeepsTheNewest()
    {
        for (var i = 0; i < RecentPast.Capacity + 10; i++)
            past.Take([happenings.Delivered(Happenings.Event($"e{i}"), UtcInterval.Around(Moment + i, 5))]);

        past.Count.ShouldBe(RecentPast.Capacity);
        past.Since(0, int.MaxValue)[0].Name.ShouldBe("e10");
        past.Since(0, 3).Select(each => each.Name).ShouldBe([$"e{RecentPast.Capacity + 7}", $"e{RecentPast.Capacity + 8}", $"e{RecentPast.Capacity + 9}"]);
    }

    [Fact]
    public void Take_OlderThanAnHour_IsForgotten()
    {
        past.Take([happenings.Delivered(Happenings.Event("old"), UtcInterval.Around(Moment, 5))]);
        time.Advance(TimeSpan.FromMinutes(59));
        past.Take([happenings.Delivered(Happenings.Event("new"), UtcInterval.Around(Moment, 5))]);
        past.Since(0, 10).Count.ShouldBe(2);
        past.Within(TimeSpan.FromSeconds(1)).ShouldHaveSingleItem().Name.ShouldBe("new");

        time.Advance(TimeSpan.FromMinutes(2));
        past.Since(0, 10).ShouldHaveSingleItem().Name.ShouldBe("new");
        past.Take([happenings.Delivered(Happenings.Event("newer"), UtcInterval.Around(Moment, 5))]);
        past.Count.ShouldBe(2);
    }

    [Fact]
    public void Since_WhatHasBeenSeen_IsNotToldAgainUntilItChanges()
    {
        var stall = Happenings.Stall(StallKind.Wait, happenings.Workload(1, "/web"), Moment, 30, new Culprit(CulpritKind.Hypervisor, null, 30_000_000));
        past.Take([happenings.Delivered(stall, stall.End)]);
        var first = past.Since(0, 10).ShouldHaveSingleItem();
        first.Stall!.Verdict.ShouldBe("hypervisor");
        first.Trace.ShouldBe(default);
        past.Since(first.Changed, 10).ShouldBeEmpty();

        past.Decided(stall, Verdict.Unknown, Trace, Span);
        past.Offer(new ObservedSpan(SpanCatalog.StallWait, Trace, Span, default, stall.Begin, stall.End, [new("observe.stall.verdict", "migration"), new("observe.stall.evidence", "moved")]));

        var second = past.Since(first.Changed, 10).ShouldHaveSingleItem();
        (second.Number, second.Trace, second.Span, second.Stall!.Verdict, second.Stall.Evidence).ShouldBe((first.Number, Trace, Span, "migration", "moved"));
        past.Since(second.Changed, 10).ShouldBeEmpty();
        past.Count.ShouldBe(1, "the stall's span is no other thing");
    }

    [Fact]
    public void Decided_ForgottenMeanwhile_ChangesNothing()
    {
        var stall = Happenings.Stall(StallKind.Throttle, happenings.Workload(1, "/web"), Moment, 30);
        past.Take([happenings.Delivered(stall, stall.End)]);
        for (var i = 0; i < RecentPast.Capacity; i++)
            past.Take([happenings.Delivered(Happenings.Event("e"), UtcInterval.Around(Moment, 5))]);

        past.Decided(stall, Verdict.Unknown, Trace, Span);
        past.Offer(new ObservedSpan(SpanCatalog.StallThrottle, Trace, Span, default, stall.Begin, stall.End, []));

        past.Count.ShouldBe(RecentPast.Capacity);
        past.Since(0, int.MaxValue).ShouldAllBe(each => each.Name == "e");
    }

    [Fact]
    public void Take_OfEverySource_KnowsToWhomItHappened()
    {
        past.Take(
        [
            happenings.Delivered(Happenings.Event("container.start", ("container.id", "0123456789abcdef"), ("container.name", "web")), UtcInterval.Around(Moment, 5), "docker"),
            happenings.Delivered(Happenings.Event("k8s.pod.ready", ("k8s.pod.uid", "uid"), ("k8s.pod.name", "pod")), UtcInterval.Around(Moment, 5), "kubernetes"),
            happenings.Delivered(Happenings.Event("vcenter.vm.migrating", ("vcenter.name", "vc"), ("vcenter.host.name", "esx"), ("vcenter.vm.name", "vm")), UtcInterval.Around(Moment, 5), "vcenter:vc"),
            happenings.Delivered(Happenings.Event("vcenter.host.connected", ("vcenter.name", "vc"), ("vcenter.host.name", "esx")), UtcInterval.Around(Moment, 5), "vcenter:vc"),
            happenings.Delivered(Happenings.Event("vcenter.event", ("vcenter.name", "vc")), UtcInterval.Around(Moment, 5), "vcenter:vc"),
            happenings.Delivered(Happenings.Event("something"), UtcInterval.Around(Moment, 5), "x"),
        ]);
        past.Since(0, 10).Select(each => $"{each.Source} {each.Subject.Kind} {each.Subject.Name}").ShouldBe(
            ["docker container web", "kubernetes pod pod", "vcenter:vc vcenter.vm vm", "vcenter:vc vcenter.host esx", "vcenter:vc vcenter vc", "x host this host"]);
    }

    [Fact]
    public void Offer_SpanOfSomethingElse_IsKeptWithItsBounds()
    {
        past.Offer(new ObservedSpan(SpanCatalog.StallWait with { Name = "vcenter.vm.migrate" }, Trace, Span, default, new(1, 3), new(7, 9), [new("vcenter.vm.name", "vm"), new("n", 5L), new("list", new[] { "a", "b" })])
        {
            IsError = true,
            Problem = "no room",
        });
        var each = past.Since(0, 10).ShouldHaveSingleItem();
        (each.Subject.Key, each.Source, each.Begin, each.End, each.HasLength, each.Problem).ShouldBe(("vcenter.vm/vm", "spans", new UtcInterval(1, 3), new UtcInterval(7, 9), true, "no room"));
        each.Attributes.ShouldBe([new("vcenter.vm.name", "vm"), new("n", "5"), new("list", "a, b")]);
    }
}
