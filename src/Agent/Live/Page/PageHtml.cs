using System.Globalization;
using Observe.Agent.Live.Answer;
using Observe.Agent.Status;
using Observe.Collectors;

namespace Observe.Agent.Live.Page;

/// <summary>The page as it is without scripts.</summary>
internal static class PageHtml
{
    /// <summary>Writes it.</summary>
    /// <param name="answer">What there is to show.</param>
    public static string Of(LiveAnswer answer)
    {
        var page = new Html();
        page.Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Observe on {answer.Agent.Host}</title>
            <link rel="icon" href="/live/icon.svg"><link rel="stylesheet" href="/live/page.css"><script type="module" src="/live/page.js"></script></head>
            <body>
            <header>
            <h1><img src="/live/icon.svg" alt="" width="22" height="22">Observe</h1>
            <p class="where"><b>{answer.Agent.Host}</b> <span class="dim">{answer.Agent.Version}</span></p>
            <p id="ready" class="pill {(answer.Ready ? "ok" : "failed")}">{(answer.Ready ? "Ready." : "Not ready.")}</p>
            <p id="beat" class="dim"></p>
            <button id="pause" type="button" hidden>Pause</button>
            <nav aria-label="Data"><a href="/metrics">Metrics</a><a href="/readyz">Readiness</a><a href="/healthz">Health</a><a href="/trace?seconds=30" download>Trace of the last 30&nbsp;s</a></nav>
            </header>
            <main>
            <ul id="notes" class="notes">
            """);
        foreach (var note in answer.Notes)
            page.Add($"<li>{note}</li>");
        page.Add($"</ul>");
        LedgerHtml.Add(page, answer);
        EventsHtml.Add(page, answer);
        page.Add($"""<div class="pair">""");
        AddClocks(page, answer.Clocks);
        AddHealth(page, answer.Health);
        return page.Add($"</div>\n</main>\n<p id=\"tip\" role=\"tooltip\" hidden></p>\n</body>\n</html>").ToString();
    }

    private static void AddClocks(Html page, IReadOnlyList<ClockQuality> clocks)
    {
        page.Add($"""
            <section aria-labelledby="clocks-title"><h2 id="clocks-title">Clocks</h2>
            <table id="clocks"><thead><tr><th scope="col">Source</th><th scope="col" class="number">Offset</th><th scope="col" class="number">Error</th><th scope="col" class="number">Steps</th></tr></thead><tbody>
            """);
        foreach (var each in clocks)
            page.Add($"<tr><th scope=\"row\">{each.Source}</th><td class=\"number\">{Seconds(each.Offset)}</td><td class=\"number\">{Seconds(each.Error)}</td><td class=\"number\">{each.Steps}</td></tr>");
        page.Add($"</tbody></table></section>");
    }

    private static void AddHealth(Html page, IReadOnlyList<ComponentStatus> health)
    {
        page.Add($"""
            <section aria-labelledby="health-title"><h2 id="health-title">The agent's parts</h2>
            <table id="health"><thead><tr><th scope="col">Part</th><th scope="col">Status</th><th scope="col">Detail</th></tr></thead><tbody>
            """);
        foreach (var each in health)
        {
            var level = StatusTable.Word(each.Level);
            page.Add($"<tr><th scope=\"row\">{each.Component}</th><td><span class=\"level {level}\">{level}</span></td><td>{each.Detail}{(each.Remedy is { } remedy ? $" \u2192 {remedy}" : "")}</td></tr>");
        }
        page.Add($"</tbody></table></section>");
    }

    private static string Seconds(double? value) => value is not { } known ? "\u2013"
        : Math.Abs(known) < 1 ? string.Create(CultureInfo.InvariantCulture, $"{known * 1e3:0.###} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{known:0.###} s");
}
