using System.Diagnostics;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Collectors.Traces.Containers;

/// <summary>What is exported of containers' lives. One thread at a time.</summary>
/// <param name="adoption">Finds what they stand in.</param>
/// <param name="emit">Where spans go.</param>
internal sealed class ContainerSpans(Adoption adoption, Action<ObservedSpan> emit)
{
    /// <summary>A life is over: exports it, once, when it is known what it stands in.</summary>
    /// <param name="container">Whose.</param>
    /// <param name="run">The life.</param>
    /// <param name="now">A moment of a clock that only goes on.</param>
    public void End(ContainerHistory container, ContainerRun run, TimeSpan now)
    {
        if (run.IsExported)
            return;
        run.IsExported = true;
        var names = NamesOf(container);
        if (run.Series is { IsLoop: true, IsClosed: false })
        {
            run.Series.Include(run.Extent);
            Export(names, run, adoption.Place(run.Extent, mayStandInside: false), run.Series.LoopSpan);
        }
        else
        {
            adoption.Hold(run.Extent, now, place => Export(names, run, run.IsCommitted || run.Number > 1 ? Beside(place) : place, default));
        }
    }

    /// <summary>Exports what is over of a life that is not.</summary>
    /// <param name="container">Whose.</param>
    /// <param name="run">The life.</param>
    public void Commit(ContainerHistory container, ContainerRun run)
    {
        ExportParts(NamesOf(container), run, run.Series.Trace, Placement.Alone, isFirst: !run.IsCommitted);
        run.IsCommitted = true;
    }

    /// <summary>Exports what is around lives that followed each other by themselves.</summary>
    /// <param name="container">Whose.</param>
    /// <param name="series">The lives.</param>
    /// <param name="survivor">The one that goes on; null if it stays stopped.</param>
    /// <param name="now">A moment of the same clock.</param>
    public void CloseLoop(ContainerHistory container, ContainerSeries series, ContainerRun? survivor, TimeSpan now)
    {
        series.IsClosed = true;
        if (survivor is not null)
            series.Include(Extent.Of(survivor.Began));
        if (series.Around is not { } extent)
            return;
        List<KeyValuePair<string, object>> attributes =
            [.. NamesOf(container), new("observe.container.restarts", (long)series.Starts - 1), new("observe.container.end", survivor is null ? "stopped" : "recovered")];
        adoption.Hold(extent, now, place => emit(
            new ObservedSpan(SpanCatalog.ContainerRestarts, series.Trace, series.LoopSpan, default, extent.Begin, extent.End, attributes) { IsError = true, Links = Beside(place).Links }));
    }

    private void Export(KeyValuePair<string, object>[] names, ContainerRun run, Placement place, ActivitySpanId loop)
    {
        var trace = place.IsInside ? place.Trace : run.Series.Trace;
        List<KeyValuePair<string, object>> attributes = [.. names];
        if (run.ExitCode is { } code)
            attributes.Add(new("process.exit.code", (long)code));
        if (run.OomKills > 0)
            attributes.Add(new("observe.container.oom_kills", (long)run.OomKills));
        if (!run.IsEndUnknown)
            attributes.Add(new("observe.container.end", run.OomKills > 0 ? "oom" : run.IsStopped ? "stopped" : "exited"));
        else
            attributes.Add(new("observe.incomplete", "end"));
        attributes.Add(new("observe.container.life", (long)run.Number));
        var links = run.Number > 1 && loop == default ? [.. place.Links, new SpanLink(run.Series.Trace, run.Series.LoopSpan, SpanLink.Of)] : place.Links;
        var life = place.Within(run.Extent);
        emit(new ObservedSpan(SpanCatalog.ContainerLife, trace, run.Span, place.IsInside ? place.Parent : loop, life.Begin, life.End, attributes)
        {
            Links = links,
            IsError = run.IsError,
            Problem = !run.IsError ? null : run.OomKills > 0 ? "killed for want of memory" : $"ended with code {run.ExitCode}",
        });
        ExportParts(names, run, trace, place, isFirst: !run.IsCommitted);
    }

    private void ExportParts(KeyValuePair<string, object>[] names, ContainerRun run, ActivityTraceId trace, Placement place, bool isFirst)
    {
        if (isFirst && run.Created is { } created)
        {
            var extent = place.Within(Extent.Of(created).With(run.Began));
            emit(new ObservedSpan(SpanCatalog.ContainerCreate, trace, run.Series.SpanOf("create", run.Number), run.Span, extent.Begin, extent.End, names));
        }
        foreach (var (status, spell) in run.TakeHealth())
        {
            var extent = place.Within(spell);
            run.HealthTold++;
            emit(new ObservedSpan(
                SpanCatalog.ContainerHealth, trace, run.Series.SpanOf($"health{run.Number}", run.HealthTold), run.Span, extent.Begin, extent.End,
                [.. names, new("container.state.health.status", status)])
            { IsError = status == "unhealthy" });
        }
    }

    /// <summary>Where something stands that stays in its own trace: an operation that it lies in is linked.</summary>
    private static Placement Beside(Placement place) =>
        place.IsInside ? Placement.Alone with { Links = [new SpanLink(place.Trace, place.Parent, SpanLink.Overlaps), .. place.Links] } : place;

    private static KeyValuePair<string, object>[] NamesOf(ContainerHistory container) => [.. container.Names.Select(each => new KeyValuePair<string, object>(each.Key, each.Value))];
}
