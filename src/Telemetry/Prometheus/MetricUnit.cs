namespace Observe.Telemetry.Prometheus;

/// <summary>UCUM units as Prometheus spells them in metric names.</summary>
internal static class MetricUnit
{
    /// <summary>The word for a unit; null for counts, annotations in braces and units without a word of their own.</summary>
    /// <param name="ucum">UCUM unit of the catalog.</param>
    public static string? SuffixOf(string ucum) => ucum switch
    {
        "s" => "seconds",
        "By" => "bytes",
        "Hz" => "hertz",
        "%" => "percent",
        _ => null,
    };
}
