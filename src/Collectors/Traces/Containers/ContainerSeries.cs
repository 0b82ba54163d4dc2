using System.Diagnostics;
using System.Globalization;

namespace Observe.Collectors.Traces.Containers;

/// <summary>Starts of a container of which each followed an end by itself; one, unless it is restarted. All of them are one trace.</summary>
internal sealed class ContainerSeries
{
    private readonly string[] key;
    private Extent? around;

    /// <summary>Begins.</summary>
    /// <param name="host">This host.</param>
    /// <param name="container">The container's full id.</param>
    /// <param name="start">The first start, ns since the Unix epoch.</param>
    public ContainerSeries(string host, string container, long start)
    {
        key = [host, container, start.ToString(CultureInfo.InvariantCulture)];
        Trace = SpanIds.Trace("container", key);
        LoopSpan = SpanOf("restart_loop", 0);
    }

    /// <summary>Its trace.</summary>
    public ActivityTraceId Trace { get; }

    /// <summary>The span around its lives, if there is more than one.</summary>
    public ActivitySpanId LoopSpan { get; }

    /// <summary>Starts so far.</summary>
    public int Starts { get; set; }

    /// <summary>Whether it has come to an end: another start is another series'.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether its container was started again, so that there is a span around its lives.</summary>
    public bool IsLoop => Starts > 1;

    /// <summary>Around the lives in it that are over.</summary>
    public Extent? Around => around;

    /// <summary>A life, or a moment, that the span around them has to have in it.</summary>
    /// <param name="extent">When that was.</param>
    public void Include(Extent extent) => around = around?.With(extent) ?? extent;

    /// <summary>The id of a span of it.</summary>
    /// <param name="part">What it tells of.</param>
    /// <param name="number">Which of those.</param>
    public ActivitySpanId SpanOf(string part, int number) => SpanIds.Span("container", [.. key, part, number.ToString(CultureInfo.InvariantCulture)]);
}
