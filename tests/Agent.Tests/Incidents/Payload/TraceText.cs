using System.Globalization;
using System.Text;

namespace Observe.Agent.Tests.Incidents.Payload;

/// <summary>Spans as an indented text, for people.</summary>
internal static class TraceText
{
    private const int MostOfAKind = 3;

    private static readonly string[] Shown =
    [
        "container.name", "process.exit.code", "observe.container.end", "observe.container.oom_kills", "observe.container.life", "observe.container.restarts",
        "vcenter.vm.name", "vcenter.source.host.name", "vcenter.destination.host.name", "vcenter.event.chain_id", "observe.vcenter.phase",
        "thread.name", "cpu.logical_number", "observe.stall.verdict", "observe.stall.evidence",
    ];

    /// <summary>Writes traces, the first to begin first; of spans that are alike beneath one, or alone, three.</summary>
    /// <param name="spans">All spans.</param>
    public static string Of(IReadOnlyList<ExportedSpan> spans)
    {
        var text = new StringBuilder();
        Write(text, spans, parent: "", depth: 0, origin: spans.Count > 0 ? spans.Min(each => each.Begin) : 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, IReadOnlyList<ExportedSpan> spans, string parent, int depth, long origin)
    {
        var told = new Dictionary<string, int>();
        foreach (var each in spans.Where(each => each.ParentId == parent).OrderBy(each => each.Begin))
        {
            var alike = $"{each.Name} {each.Text("container.name")} {each.Text("observe.stall.verdict")} {each.Links.Any()}";
            told[alike] = told.GetValueOrDefault(alike) + 1;
            if (each.Name.StartsWith("stall.", StringComparison.Ordinal) && told[alike] > MostOfAKind)
                continue;
            Write(text, each, depth, origin);
            Write(text, spans, each.SpanId, depth + 1, origin);
        }
        foreach (var (alike, count) in told.Where(each => each.Key.StartsWith("stall.", StringComparison.Ordinal) && each.Value > MostOfAKind))
            text.AppendLine(CultureInfo.InvariantCulture, $"{Indent(depth)}... and {count - MostOfAKind} more like it: {alike[..alike.LastIndexOf(' ')]}");
    }

    private static void Write(StringBuilder text, ExportedSpan span, int depth, long origin)
    {
        text.Append(CultureInfo.InvariantCulture, $"{Indent(depth)}{span.Name}  +{(span.Begin - origin) / 1e9:0.000} s, {(span.End - span.Begin) / 1e6:0.0} ms{(span.IsError ? ", ERROR" : "")}");
        foreach (var name in Shown)
        {
            if ((span.Text(name) is { Length: > 0 } said ? said : span.Int(name) is { } number and not 0 ? $"{number}" : null) is { } value)
                text.Append($"  {name}={value}");
        }
        var culprits = span.Texts("observe.stall.culprits").Zip(span.Doubles("observe.stall.culprit.shares"), (who, share) => $"{who} {share:P1}");
        if (culprits.Any())
            text.Append($"  culprits: {string.Join(", ", culprits)}");
        foreach (var (trace, to, reason) in span.Links)
            text.Append($"  -> {reason} {trace[..8]}/{to[..8]}");
        text.AppendLine();
    }

    private static string Indent(int depth) => new(' ', 2 * depth);
}
