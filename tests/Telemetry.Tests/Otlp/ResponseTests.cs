using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Observe.Telemetry.Otlp;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace Observe.Telemetry.Tests.Otlp;

public sealed class ResponseTests
{
    [Fact]
    public void PartialSuccess_WrittenByOfficialTypes_IsRead()
    {
        var response = new ExportMetricsServiceResponse { PartialSuccess = new() { RejectedDataPoints = 12_345_678_901, ErrorMessage = "too old" } };
        OtlpPartialSuccess.Read(response.ToByteArray()).ShouldBe(new OtlpPartialSuccess(12_345_678_901, "too old"));
    }

    [Fact]
    public void PartialSuccess_EmptyResponse_IsFullSuccess() => OtlpPartialSuccess.Read([]).ShouldBe(new OtlpPartialSuccess(0, ""));

    [Fact]
    public void PartialSuccess_NegativeCount_IsZero() =>
        OtlpPartialSuccess.Read(new ExportMetricsServiceResponse { PartialSuccess = new() { RejectedDataPoints = -5 } }.ToByteArray()).RejectedPoints.ShouldBe(0);

    [Fact]
    public void AnyMessage_CutOrScrambled_NeverThrows()
    {
        var whole = new ExportMetricsServiceResponse { PartialSuccess = new() { RejectedDataPoints = 1L << 40, ErrorMessage = "some words" } }.ToByteArray();
        var status = Status(8, "slow down", new Any { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = RetryInfo(3, 500_000_000) });
        var random = new Random(7);
        foreach (var original in new[] { whole, status })
        {
            for (var i = 0; i < 20_000; i++)
            {
                var bytes = original[..random.Next(original.Length + 1)];
                if (bytes.Length > 0)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                OtlpPartialSuccess.Read(bytes).RejectedPoints.ShouldBeGreaterThanOrEqualTo(0);
                RpcStatus.TryRead(bytes, out var read);
                (read.RetryDelay ?? TimeSpan.Zero).ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
            }
        }
    }

    [Fact]
    public void RpcStatus_WithRetryInfo_HasItsDelay()
    {
        var bytes = Status(14, "later", new Any { TypeUrl = "type.googleapis.com/google.rpc.DebugInfo", Value = ByteString.CopyFromUtf8("x") },
            new Any { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = RetryInfo(3, 500_000_000) });
        RpcStatus.TryRead(bytes, out var status).ShouldBeTrue();
        status.ShouldBe(new RpcStatus(14, "later", TimeSpan.FromSeconds(3.5)));
    }

    [Theory]
    [InlineData(-3, 0, 0)]
    [InlineData(0, -5, 0)]
    [InlineData(0, 0, 0)]
    public void RpcStatus_RetryInfoNotPositive_IsZero(long seconds, int nanos, int expected)
    {
        RpcStatus.TryRead(Status(8, "", new Any { TypeUrl = "x/google.rpc.RetryInfo", Value = RetryInfo(seconds, nanos) }), out var status).ShouldBeTrue();
        status.RetryDelay.ShouldBe(TimeSpan.FromSeconds(expected));
    }

    [Fact]
    public void RpcStatus_WithoutDetails_HasNoDelay()
    {
        RpcStatus.TryRead(Status(3, "bad"), out var status).ShouldBeTrue();
        status.ShouldBe(new RpcStatus(3, "bad", null));
    }

    [Fact]
    public void RpcStatus_PlainText_IsNotAMessage() => RpcStatus.TryRead("<html>not found</html>"u8, out _).ShouldBeFalse();

    private static ByteString RetryInfo(long seconds, int nanos)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteMessage(new Duration { Seconds = seconds, Nanos = nanos });
        output.Flush();
        return ByteString.CopyFrom(stream.ToArray());
    }

    // google.rpc.Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }
    private static byte[] Status(int code, string message, params Any[] details)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(1, WireFormat.WireType.Varint);
        output.WriteInt32(code);
        output.WriteTag(2, WireFormat.WireType.LengthDelimited);
        output.WriteString(message);
        foreach (var detail in details)
        {
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteMessage(detail);
        }
        output.Flush();
        return stream.ToArray();
    }
}
