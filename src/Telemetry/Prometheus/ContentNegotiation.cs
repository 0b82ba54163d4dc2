namespace Observe.Telemetry.Prometheus;

/// <summary>
/// Picks the format of a scrape from its <c>Accept</c> header (RFC 9110, 12.5.1): each format has the quality of the most
/// specific range that covers it; the highest wins, then the range named first, then the order of <see cref="ExpositionFormat"/>.
/// The parameter <c>escaping</c> of Prometheus 3 is no constraint: all our names are legal in every Prometheus, so nothing needs escaping.
/// </summary>
public static class ContentNegotiation
{
    private static readonly Offer[] Offers =
    [
        new(ExpositionFormat.Text, "text/plain; version=0.0.4; charset=utf-8", "text/plain",
            [new("version", "0.0.4"), new("charset", "utf-8")]),
        new(ExpositionFormat.OpenMetrics, "application/openmetrics-text; version=1.0.0; charset=utf-8", "application/openmetrics-text",
            [new("version", "1.0.0"), new("charset", "utf-8")]),
        new(ExpositionFormat.Protobuf, "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", "application/vnd.google.protobuf",
            [new("proto", "io.prometheus.client.MetricFamily"), new("encoding", "delimited")]),
    ];

    /// <summary>The best format for a scraper.</summary>
    /// <param name="accept">The header; several are to be joined by commas. Null or empty: no preference.</param>
    /// <returns>Text 0.0.4 when nothing that we write is acceptable: any answer helps more than 406, and it is what exporters do.</returns>
    public static ExpositionFormat Choose(string? accept)
    {
        if (string.IsNullOrWhiteSpace(accept))
            return ExpositionFormat.Text;
        var best = (Format: ExpositionFormat.Text, Quality: 0.0, Position: int.MaxValue);
        var ranges = MediaRange.ParseAll(accept);
        foreach (var offer in Offers)
        {
            var (quality, position) = QualityOf(offer, ranges);
            if (quality > best.Quality || (quality > 0 && quality == best.Quality && position < best.Position))
                best = (offer.Format, quality, position);
        }
        return best.Format;
    }

    /// <summary>The <c>Content-Type</c> to answer with.</summary>
    /// <param name="format">The format.</param>
    public static string ContentTypeOf(ExpositionFormat format) => Offers[(int)format].ContentType;

    private static (double Quality, int Position) QualityOf(Offer offer, List<MediaRange> ranges)
    {
        var best = (Specificity: -1, Quality: 0.0, Position: int.MaxValue);
        for (var i = 0; i < ranges.Count; i++)
        {
            var specificity = ranges[i].Match(offer.MediaType, offer.Parameters);
            if (specificity > best.Specificity || (specificity >= 0 && specificity == best.Specificity && ranges[i].Quality > best.Quality))
                best = (specificity, ranges[i].Quality, i);
        }
        return (best.Quality, best.Position);
    }

    private sealed record Offer(ExpositionFormat Format, string ContentType, string MediaType, KeyValuePair<string, string>[] Parameters);
}
