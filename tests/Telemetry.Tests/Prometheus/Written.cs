using System.Buffers;
using System.Text;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>What the writers wrote.</summary>
internal static class Written
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Bytes(ExpositionFormat format, MetricSnapshot snapshot)
    {
        var output = new ArrayBufferWriter<byte>();
        Exposition.Write(format, snapshot, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The text; invalid UTF-8 fails.</summary>
    public static string Text(ExpositionFormat format, MetricSnapshot snapshot) => Strict.GetString(Bytes(format, snapshot));
}
