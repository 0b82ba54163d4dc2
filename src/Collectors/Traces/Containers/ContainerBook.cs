using System.Globalization;
using Observe.Collectors.Events;
using Observe.Collectors.Identity;
using Observe.Collectors.Self;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Traces.Containers;

/// <summary>Lives of containers, as an engine's events tell. One thread at a time.</summary>
/// <param name="host">This host's id, which its containers' ids are made with.</param>
/// <param name="spans">What becomes of a life that is over.</param>
/// <param name="timings">How long is waited.</param>
/// <param name="losses">Where what finds no room is counted.</param>
internal sealed class ContainerBook(string host, ContainerSpans spans, TraceTimings timings, LossCounters losses)
{
    /// <summary>Containers followed: as many as the engine's own collector follows by default. Some 1 kB each.</summary>
    private const int Capacity = 16384;

    /// <summary>Between a container's creation and a start that belongs to it: who starts one later has had another reason.</summary>
    private static readonly TimeSpan SameWish = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, ContainerHistory> all = new(StringComparer.Ordinal);
    private readonly LossCounter full = losses.Counter("trace_container_dropped");
    private readonly List<string> gone = [];

    /// <summary>Containers followed.</summary>
    public int Count => all.Count;

    /// <summary>Takes an event in, if it is one of a container.</summary>
    /// <param name="what">The event.</param>
    /// <param name="when">When it was.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    public void Take(ObservedEvent what, UtcInterval when, TimeSpan now)
    {
        if (what.Subject is not { Kind: WorkloadKind.Container, Id: var id } || !what.Name.StartsWith("container.", StringComparison.Ordinal) || Find(id) is not { } container)
            return;
        foreach (var (name, value) in what.Attributes)
        {
            if (name is "container.name" or "container.image.name")
                container.Names[name] = value;
        }
        switch (what.Name)
        {
            case "container.create":
                container.Created = (when, now);
                break;
            case "container.start":
                Start(container, when, now);
                break;
            case "container.kill" when Ends(Value(what, "observe.container.signal")):
            case "container.stop":
                container.IsToldToEnd = true;
                break;
            case "container.oom":
                // The engine hears of it by another way than of the end, which may be the quicker one.
                (Current(container, what, now) ?? container.Last?.Run)?.Killed(when);
                break;
            case "container.health_status" when Value(what, "container.state.health.status") is { } status:
                Current(container, what, now)?.Found(status, when);
                break;
            case "container.die":
                Die(container, what, when, now);
                break;
            case "container.destroy":
                container.IsGone = true;
                break;
        }
    }

    /// <summary>Exports what is over, and parts of what goes on for long.</summary>
    /// <param name="now">A moment of the same clock.</param>
    /// <param name="isEnding">Whether there will be no other.</param>
    public void Advance(TimeSpan now, bool isEnding = false)
    {
        foreach (var (id, container) in all)
        {
            Settle(container, now, isEnding);
            if (container is { IsGone: true, Current: null, Last: null })
                gone.Add(id);
        }
        foreach (var id in gone)
            all.Remove(id);
        gone.Clear();
    }

    private void Settle(ContainerHistory container, TimeSpan now, bool isEnding)
    {
        if (container.Current is { } current)
        {
            var age = now - current.StartedAt;
            if (current.Series is { IsLoop: true, IsClosed: false } && (isEnding || age >= timings.Recovered))
                spans.CloseLoop(container, current.Series, current, now);
            if (age >= timings.Commit)
                spans.Commit(container, current);
        }
        if (container.Last is not { } last)
            return;
        var isFinal = isEnding || container.IsGone || last.Run.IsStopped || last.Run.Series.IsClosed;
        var silence = now - last.At;
        // A life in a loop is told of at once; the first of one only becomes that by the next start.
        if (isFinal || last.Run.Series.IsLoop || silence >= timings.RestartHold)
            spans.End(container, last.Run, now);
        if (isFinal || silence >= timings.RestartWithin)
            EndSeries(container, last.Run, now);
    }

    private void Start(ContainerHistory container, UtcInterval when, TimeSpan now)
    {
        if (container.Current is { } lost)
        {
            lost.Lose();
            Over(container, lost, now);
        }
        ContainerSeries? series = null;
        if (container.Last is { } last)
        {
            if (!last.Run.IsStopped && !last.Run.Series.IsClosed && now - last.At < timings.RestartWithin)
                series = last.Run.Series;
            else
                EndSeries(container, last.Run, now);
        }
        series ??= new ContainerSeries(host, container.Id, when.Middle);
        container.Current = Begin(series, when, now);
        // Only now: by this start it is one of several.
        if (container.Last is { } before)
            spans.End(container, before.Run, now);
        container.Last = null;
        if (container.Created is { } created && now - created.HeardAt < SameWish)
            container.Current.CreatedAt(created.When);
        container.Created = null;
        container.IsToldToEnd = false;
    }

    private static ContainerRun Begin(ContainerSeries series, UtcInterval when, TimeSpan now)
    {
        series.Starts++;
        return new ContainerRun(series, series.Starts, when, now);
    }

    /// <summary>What is started from now on is another series.</summary>
    private void EndSeries(ContainerHistory container, ContainerRun run, TimeSpan now)
    {
        spans.End(container, run, now);
        if (run.Series is { IsLoop: true, IsClosed: false })
            spans.CloseLoop(container, run.Series, survivor: null, now);
        run.Series.IsClosed = true;
        container.Last = null;
    }

    private void Die(ContainerHistory container, ObservedEvent what, UtcInterval when, TimeSpan now)
    {
        if (Current(container, what, now) is not { } run)
            return;
        run.IsStopped = container.IsToldToEnd;
        int? code = int.TryParse(Value(what, "process.exit.code"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var known) ? known : null;
        run.End(when, code);
        Over(container, run, now);
    }

    private void Over(ContainerHistory container, ContainerRun run, TimeSpan now)
    {
        container.Current = null;
        container.Last = (run, now);
        if (now - run.StartedAt < timings.Recovered)
            return;
        // It had come out of its restarts, and another start is not one of them.
        if (run.Series is { IsLoop: true, IsClosed: false })
            spans.CloseLoop(container, run.Series, run, now);
        run.Series.IsClosed = true;
    }

    /// <summary>The life that goes on; one that began before the agent did from when the engine says it was started.</summary>
    private ContainerRun? Current(ContainerHistory container, ObservedEvent what, TimeSpan now)
    {
        if (container.Current is null && what is ContainerEvent { Started: { } started } && container.Last is null)
            container.Current = Begin(new ContainerSeries(host, container.Id, started.Middle), started, now);
        return container.Current;
    }

    private ContainerHistory? Find(string id)
    {
        if (all.TryGetValue(id, out var known))
            return known;
        if (all.Count >= Capacity)
        {
            full.Add();
            return null;
        }
        all.Add(id, known = new ContainerHistory(id));
        return known;
    }

    /// <summary>Whether a signal is one that ends a container, and not one that it is told something by: HUP, USR1, USR2, WINCH.</summary>
    private static bool Ends(string? signal) => signal is not ("1" or "10" or "12" or "28");

    private static string? Value(ObservedEvent what, string name)
    {
        foreach (var (key, value) in what.Attributes)
        {
            if (key == name)
                return value;
        }
        return null;
    }
}
