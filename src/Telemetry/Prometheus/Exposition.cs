using System.Buffers;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Prometheus;

/// <summary>Writes a snapshot in whichever format the scraper asked for. Safe to call from many threads at once.</summary>
public static class Exposition
{
    /// <summary>Writes all families of the snapshot that have points.</summary>
    /// <param name="format">The format, from <see cref="ContentNegotiation.Choose"/>.</param>
    /// <param name="snapshot">The snapshot; the caller holds a lease on it.</param>
    /// <param name="output">Where the bytes go.</param>
    public static void Write(ExpositionFormat format, MetricSnapshot snapshot, IBufferWriter<byte> output)
    {
        switch (format)
        {
            case ExpositionFormat.Text:
                TextFormat.Write(snapshot, output);
                break;
            case ExpositionFormat.OpenMetrics:
                OpenMetricsFormat.Write(snapshot, output);
                break;
            case ExpositionFormat.Protobuf:
                ProtobufFormat.Write(snapshot, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "not an exposition format");
        }
    }
}
