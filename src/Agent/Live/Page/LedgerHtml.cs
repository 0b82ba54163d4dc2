using System.Globalization;
using Observe.Agent.Live.Answer;
using Observe.Agent.Live.Ledger;

namespace Observe.Agent.Live.Page;

/// <summary>Where the time goes, as a table with a bar in each row.</summary>
internal static class LedgerHtml
{
    /// <summary>Units of a bar's width.</summary>
    private const double Width = 1000;

    /// <summary>States with a column of their own.</summary>
    private static readonly int[] Columns = [LiveStates.Running, LiveStates.Waiting, LiveStates.Throttled, LiveStates.Blocked, LiveStates.Sleeping];

    /// <summary>Writes it.</summary>
    /// <param name="page">Where to.</param>
    /// <param name="answer">What there is to show.</param>
    public static void Add(Html page, LiveAnswer answer)
    {
        page.Add($"""
            <section aria-labelledby="ledger-title">
            <div class="head"><h2 id="ledger-title">Where the time goes</h2><p id="span" class="dim">{SpanOf(answer.Latest)}</p><div id="ledger-controls" class="controls" hidden></div></div>
            <ul id="ledger-legend" class="legend">
            """);
        foreach (var state in LiveStates.Threads)
            page.Add($"<li><i class=\"s-{state}\"></i>{state}</li>");
        page.Add($"""
            </ul>
            <table id="ledger"><caption class="hidden">Mean number of threads of each workload by what they did</caption>
            <thead><tr><th scope="col">Workload</th><th scope="col" class="bar">Time of threads that are not asleep</th><th scope="col" class="number">running</th><th scope="col" class="number">waiting</th><th scope="col" class="number">throttled</th><th scope="col" class="number">blocked</th><th scope="col" class="number">asleep</th></tr></thead>
            <tbody>
            """);
        foreach (var row in answer.Latest.Rows)
            AddRow(page, row, answer);
        page.Add($"</tbody></table></section>");
    }

    private static void AddRow(Html page, double?[] row, LiveAnswer answer)
    {
        var (kind, name) = row[0] >= 0 ? (answer.Workloads[(int)row[0]!].Kind, answer.Workloads[(int)row[0]!].Name) : ("", $"{answer.Latest.Others} others");
        page.Add($"<tr><th scope=\"row\"><span class=\"who\"><span class=\"name\">{name}</span><span class=\"kind\">{kind}</span></span></th><td class=\"bar\"><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        double[] awake = [.. Enumerable.Range(0, LiveStates.Sleeping).Select(state => Of(row, state) ?? 0)];
        var total = awake.Sum();
        for (var (state, at) = (0, 0.0); state < awake.Length && total > 0; state++)
        {
            var width = awake[state] / total * Width;
            if (width > 0)
                page.Add($"<rect class=\"s-{LiveStates.Threads[state]}\" x=\"{Coordinate(at)}\" width=\"{Coordinate(width)}\" height=\"10\"/>");
            at += width;
        }
        page.Add($"</svg></td>");
        foreach (var state in Columns)
            page.Add($"<td class=\"number\">{Number(Of(row, state))}</td>");
        page.Add($"</tr>");
    }

    private static double? Of(double?[] row, int state) => state + 1 < row.Length ? row[state + 1] : null;

    private static string Number(double? value) => value is { } known ? known.ToString(known < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) : "\u2013";

    private static string Coordinate(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string SpanOf(LiveInterval interval) => interval.End == 0 ? ""
        : interval.Begin is { } begin ? string.Create(CultureInfo.InvariantCulture, $"mean number of threads over {(interval.End - begin) / 1000:0.0} s")
        : "mean number of threads since each workload's beginning, or the agent's";
}
