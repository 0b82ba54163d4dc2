using System.Text;
using Google.Protobuf;
using Io.Prometheus.Client;
using ProtoFamily = Io.Prometheus.Client.MetricFamily;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>Decodes the delimited format with types generated from the official metrics.proto.</summary>
internal static class OfficialDecoder
{
    public static List<ProtoFamily> Decode(byte[] written)
    {
        var families = new List<ProtoFamily>();
        using var stream = new MemoryStream(written);
        while (stream.Position < stream.Length)
            families.Add(ProtoFamily.Parser.ParseDelimitedFrom(stream));
        return families;
    }

    /// <summary>For people: a line for each metric, in protobuf's JSON.</summary>
    public static string Describe(IEnumerable<ProtoFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            text.Append($"{family.Type} {family.Name}{(family.HasUnit ? $" [{family.Unit}]" : "")}: {family.Help}\n");
            foreach (var metric in family.Metric)
                text.Append($"  {JsonFormatter.Default.Format(metric)}\n");
        }
        return text.ToString();
    }
}
