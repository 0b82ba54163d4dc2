using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Observe.Agent.Status;
using Observe.Collectors;

namespace Observe.Agent.Http;

/// <summary><c>/</c>: what this is, where its data is, how it fares. One self-contained page: it loads nothing from anywhere.</summary>
/// <param name="status">How the agent fares.</param>
public sealed class LandingPage(AgentStatus status) : IHttpEndpoint
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1rem}
        h1{margin:0;font-size:1.6rem}h1 small{font-weight:400;opacity:.6;font-size:1rem}
        nav a{margin-right:1.2rem}
        table{border-collapse:collapse;width:100%;margin-top:1.5rem}
        th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid #8884;vertical-align:top}
        .ok{color:#2a8a3e}.degraded{color:#b26a00}.failed{color:#c62828}.absent{opacity:.6}
        """;

    /// <inheritdoc/>
    public string Path => "/";

    /// <inheritdoc/>
    public Task HandleAsync(HttpContext context)
    {
        // Nothing may load, not even by a name that a workload chose for itself.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return TextResponse.WriteAsync(context, StatusCodes.Status200OK, Html(status.Report()), "text/html; charset=utf-8");
    }

    private static string Html(StatusReport report)
    {
        var page = new StringBuilder();
        page.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Observe</title><style>
            {Style}
            </style></head>
            <body>
            <h1>Observe <small>{Encode(report.Version)} on {Encode(Environment.MachineName)}</small></h1>
            <p>Where did the time go? {(report.Ready ? "<b class=\"ok\">Ready.</b>" : "<b class=\"failed\">Not ready.</b>")}</p>
            <nav><a href="/metrics">Metrics</a><a href="/readyz">Readiness</a><a href="/healthz">Health</a></nav>
            <table>
            <thead><tr><th>Component</th><th>Status</th><th>Detail</th><th>Remedy</th></tr></thead>
            <tbody>

            """);
        foreach (var each in report.Components)
            Row(page, each);
        return page.Append("</tbody>\n</table>\n</body>\n</html>\n").ToString();
    }

    private static void Row(StringBuilder page, ComponentStatus row)
    {
        var level = StatusTable.Word(row.Level);
        page.Append($"<tr><td>{Encode(row.Component)}</td><td class=\"{level}\">{level}</td><td>{Encode(row.Detail)}</td><td>{Encode(row.Remedy ?? "")}</td></tr>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
