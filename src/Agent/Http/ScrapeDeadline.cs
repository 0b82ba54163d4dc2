using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Observe.Agent.Http;

/// <summary>How long a scrape may take, from what the scraper says it will wait.</summary>
internal static class ScrapeDeadline
{
    private const string Header = "X-Prometheus-Scrape-Timeout-Seconds";

    /// <summary>Prometheus' own default, for clients that do not say.</summary>
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(10);

    /// <summary>Longest that is honoured: what a client says is no reason to hold resources for ever.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Kept back for rendering and the network, at most half of the whole.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(500);

    public static TimeSpan Of(HttpRequest request)
    {
        var wait = double.TryParse(request.Headers[Header], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds))
            : Default;
        return wait - (Reserve < wait / 2 ? Reserve : wait / 2);
    }
}
