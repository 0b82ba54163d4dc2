using System.Globalization;
using Observe.Agent.Live.Answer;

namespace Observe.Agent.Live.Page;

/// <summary>What happened last, as a table.</summary>
internal static class EventsHtml
{
    private const int Most = 20;

    /// <summary>Writes it.</summary>
    /// <param name="page">Where to.</param>
    /// <param name="answer">What there is to show.</param>
    public static void Add(Html page, LiveAnswer answer)
    {
        page.Add($"""
            <section aria-labelledby="timeline-title">
            <div class="head"><h2 id="timeline-title">Stalls and events</h2><p id="timeline-span" class="dim"></p><div id="timeline-controls" class="controls" hidden></div></div>
            <div id="timeline" hidden></div>
            <div class="pair wide"><div>
            <table id="events"><caption class="hidden">The newest stalls and events</caption>
            <thead><tr><th scope="col">Time (UTC)</th><th scope="col">What</th><th scope="col">Of</th><th scope="col" class="number">Length</th><th scope="col">Why</th></tr></thead><tbody>
            """);
        foreach (var each in answer.Events.Reverse().Take(Most))
            AddRow(page, each, answer.Subjects[each.Subject]);
        if (answer.Events.Count == 0)
            page.Add($"<tr><td colspan=\"5\" class=\"dim\">Nothing has been told of within the last hour.</td></tr>");
        page.Add($"""</tbody></table></div><aside id="details" aria-label="Details" hidden></aside></div></section>""");
    }

    private static void AddRow(Html page, LiveEvent each, LiveName subject)
    {
        var begin = Middle(each.Begin);
        var length = each.Stall?.Length ?? (each.End is { } end ? Middle(end) - begin : (double?)null);
        var moment = DateTimeOffset.FromUnixTimeMilliseconds((long)begin).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        page.Add($"<tr><td>{moment}</td><td>{each.Name}</td><td><span class=\"who\"><span class=\"name\">{subject.Name}</span><span class=\"kind\">{subject.Kind}</span></span></td><td class=\"number\">{Length(length)}</td><td>{each.Stall?.Verdict ?? each.Problem}</td></tr>");
    }

    private static double Middle(double[] when) => (when[0] + when[1]) / 2;

    private static string Length(double? milliseconds) => milliseconds is not { } known ? ""
        : known < 1000 ? string.Create(CultureInfo.InvariantCulture, $"{known:0.0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{known / 1000:0.00} s");
}
