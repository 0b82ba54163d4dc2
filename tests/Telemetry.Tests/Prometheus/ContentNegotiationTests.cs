using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

public class ContentNegotiationTests
{
    // Recorded from the servers of Debian bookworm (2.42) and sid (3.5.3).
    private const string Prometheus242 =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private const string Prometheus242Native =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private const string Prometheus35 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    private const string Prometheus35Native =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

    [Theory]
    [InlineData(null, ExpositionFormat.Text)]
    [InlineData("", ExpositionFormat.Text)]
    [InlineData(Prometheus242, ExpositionFormat.OpenMetrics)]
    [InlineData(Prometheus242Native, ExpositionFormat.Protobuf)]
    [InlineData(Prometheus35, ExpositionFormat.OpenMetrics)]
    [InlineData(Prometheus35Native, ExpositionFormat.Protobuf)]
    // curl, wget, browsers.
    [InlineData("*/*", ExpositionFormat.Text)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", ExpositionFormat.Text)]
    // Old Prometheus, whose OpenMetrics we do not write.
    [InlineData("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=0.0.1", ExpositionFormat.Text)]
    // By quality, whatever the order.
    [InlineData("text/plain;q=0.2,application/openmetrics-text;q=0.9", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.2,text/plain;q=0.9", ExpositionFormat.Text)]
    // Between equals, the first named.
    [InlineData("application/openmetrics-text,text/plain", ExpositionFormat.OpenMetrics)]
    [InlineData("text/plain,application/openmetrics-text", ExpositionFormat.Text)]
    // The more specific range decides, even to exclude.
    [InlineData("*/*;q=0.5,text/plain;q=0", ExpositionFormat.OpenMetrics)]
    [InlineData("application/*;q=0.9,application/openmetrics-text;q=0.1,text/plain;q=0.5", ExpositionFormat.Protobuf)]
    [InlineData("text/*,application/openmetrics-text;q=0.9", ExpositionFormat.Text)]
    // Protobuf of another kind is not what we write.
    [InlineData("application/vnd.google.protobuf;proto=other.Message;encoding=delimited,text/plain;q=0.1", ExpositionFormat.Text)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,text/plain;q=0.1", ExpositionFormat.Text)]
    [InlineData("application/vnd.google.protobuf", ExpositionFormat.Protobuf)]
    // Letter case, white space and quotes.
    [InlineData("  Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.8 , text/plain;q=0.5", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;note=\"a,b;q=0\";q=1,text/plain;q=0.5", ExpositionFormat.OpenMetrics)]
    // What is malformed is passed over.
    [InlineData("rubbish,,;,/,text/,application/openmetrics-text;q=0.5,text/plain;q=much", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=2", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=NaN", ExpositionFormat.Text)]
    [InlineData("image/png", ExpositionFormat.Text)]
    public void Choose_Header_PicksTheBest(string? accept, ExpositionFormat expected) => ContentNegotiation.Choose(accept).ShouldBe(expected);

    [Theory]
    [InlineData("underscores")]
    [InlineData("dots")]
    [InlineData("values")]
    [InlineData("allow-utf-8")]
    public void Choose_EscapingParameter_IsNoObstacle(string scheme) =>
        ContentNegotiation.Choose($"application/openmetrics-text;version=1.0.0;escaping={scheme};q=0.9,text/plain;q=0.1").ShouldBe(ExpositionFormat.OpenMetrics);

    [Fact]
    public void Choose_EndlessHeader_LooksAtItsBeginningOnly() =>
        ContentNegotiation.Choose(string.Concat(Enumerable.Repeat("image/png,", 100_000)) + "application/openmetrics-text").ShouldBe(ExpositionFormat.Text);

    [Theory]
    [InlineData(ExpositionFormat.Text, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData(ExpositionFormat.OpenMetrics, "application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData(ExpositionFormat.Protobuf, "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")]
    public void ContentTypeOf_Format_IsWhatPrometheusExpects(ExpositionFormat format, string expected)
    {
        ContentNegotiation.ContentTypeOf(format).ShouldBe(expected);
        ContentNegotiation.Choose(expected).ShouldBe(format, "each is chosen when asked for");
    }
}
