using Observe.Agent.Configuration.Options;
using Observe.Agent.Export.Otlp;

namespace Observe.Agent.Tests.Otlp;

public sealed class OtlpOptionsTests
{
    private static (OtlpOptions Options, List<string> Errors) Read(OtlpOptions file, params string[] variables)
    {
        var environment = variables.Select(v => v.Split('=', 2)).ToDictionary(v => v[0].StartsWith("OTEL_", StringComparison.Ordinal) ? v[0] : $"OTEL_EXPORTER_OTLP_{v[0]}", v => v[1]);
        var errors = new List<string>();
        return (OtlpOptions.FromEnvironment(file, environment.GetValueOrDefault, errors), errors);
    }

    private static OtlpOptions Good(params string[] variables)
    {
        var (options, errors) = Read(new OtlpOptions(), variables);
        errors.ShouldBeEmpty();
        return options;
    }

    private static string Bad(params string[] variables) => Read(new OtlpOptions(), variables).Errors.ShouldHaveSingleItem();

    [Fact]
    public void Nothing_Set_IsOffWithTheSpecificationsDefaults()
    {
        var options = Good();
        options.Enabled.ShouldBeFalse();
        options.Protocol.ShouldBe(OtlpProtocol.HttpProtobuf);
        options.Timeout.ShouldBe(TimeSpan.FromSeconds(10));
        options.Interval.ShouldBe(TimeSpan.FromSeconds(60));
        options.ExportTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        options.Compression.ShouldBe(OtlpCompression.None);
    }

    [Theory]
    [InlineData("http://c:4318", "http://c:4318/v1/metrics")]
    [InlineData("http://c:4318/", "http://c:4318/v1/metrics")]
    [InlineData("https://c/base", "https://c/base/v1/metrics")]
    [InlineData("https://c/base/", "https://c/base/v1/metrics")]
    [InlineData("https://c/base?key=v", "https://c/base/v1/metrics?key=v")]
    public void Endpoint_ForAllSignals_GetsThePathOfMetrics(string endpoint, string target) => Good($"ENDPOINT={endpoint}").Target!.AbsoluteUri.ShouldBe(target);

    [Theory]
    [InlineData("http://c:4318", "http://c:4318/")]
    [InlineData("https://c/base/", "https://c/base/")]
    [InlineData("https://c/v9/x?y=1", "https://c/v9/x?y=1")]
    public void Endpoint_ForMetrics_IsUsedAsItIs(string endpoint, string target) =>
        Good("ENDPOINT=http://other:1", $"METRICS_ENDPOINT={endpoint}").Target!.AbsoluteUri.ShouldBe(target);

    [Theory]
    [InlineData("http://c:4317", "http://c:4317/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    [InlineData("https://c", "https://c/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    [InlineData("c:4317", "https://c:4317/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public void Endpoint_Grpc_IsTheCallsUrl(string endpoint, string target) => Good("PROTOCOL=grpc", $"ENDPOINT={endpoint}").Target!.AbsoluteUri.ShouldBe(target);

    [Theory]
    [InlineData("INSECURE=true")]
    [InlineData("METRICS_INSECURE=TRUE", "INSECURE=false")]
    public void Endpoint_GrpcWithoutSchemeButInsecure_IsPlain(params string[] insecure) =>
        Good(["PROTOCOL=grpc", "ENDPOINT=c:4317", .. insecure]).Target!.Scheme.ShouldBe("http");

    [Fact]
    public void Precedence_MetricsThenAllSignalsThenFile()
    {
        var file = new OtlpOptions
        {
            Endpoint = new Uri("http://file:1"),
            Protocol = OtlpProtocol.Grpc,
            Interval = TimeSpan.FromSeconds(15),
            Timeout = TimeSpan.FromSeconds(3),
            Headers = [new("from", "file")],
            Compression = OtlpCompression.Gzip,
        };
        Read(file).Options.ShouldBe(file);
        var (options, errors) = Read(file, "ENDPOINT=http://general:2", "METRICS_PROTOCOL=http/protobuf", "PROTOCOL=grpc", "TIMEOUT=5000", "METRICS_TIMEOUT=7000",
            "HEADERS=from=general,also=general", "METRICS_HEADERS=from=metrics", "COMPRESSION=none", "OTEL_METRIC_EXPORT_INTERVAL=1234");
        errors.ShouldBeEmpty();
        options.Target!.AbsoluteUri.ShouldBe("http://general:2/v1/metrics");
        options.Timeout.ShouldBe(TimeSpan.FromSeconds(7));
        options.Interval.ShouldBe(TimeSpan.FromMilliseconds(1234));
        options.Headers.ShouldBe([new KeyValuePair<string, string>("from", "metrics")]);
        options.Compression.ShouldBe(OtlpCompression.None);
    }

    [Fact]
    public void Precedence_EndpointOfEnvironment_ComesBeforeMetricsEndpointOfFile() =>
        Read(new OtlpOptions { SignalEndpoint = new Uri("http://file/x") }, "ENDPOINT=http://env").Options.Target!.AbsoluteUri.ShouldBe("http://env/v1/metrics");

    [Fact]
    public void Empty_Variables_CountAsUnset() =>
        Good("ENDPOINT=", "PROTOCOL= ", "TIMEOUT=", "HEADERS=", "OTEL_METRICS_EXPORTER=", "OTEL_SDK_DISABLED=").ShouldBe(Good());

    [Theory]
    [InlineData("OTEL_SDK_DISABLED=true")]
    [InlineData("OTEL_SDK_DISABLED=True")]
    [InlineData("OTEL_METRICS_EXPORTER=none")]
    [InlineData("OTEL_METRICS_EXPORTER=prometheus")]
    public void Enabled_SwitchedOff_IsFalse(string variable) => Good("ENDPOINT=http://c", variable).Enabled.ShouldBeFalse();

    [Theory]
    [InlineData("OTEL_METRICS_EXPORTER=otlp", "http/protobuf", "http://localhost:4318/v1/metrics")]
    [InlineData("OTEL_METRICS_EXPORTER=prometheus,otlp", "grpc", "http://localhost:4317/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    public void Enabled_ExporterAskedForByName_GetsTheDefaultEndpoint(string variable, string protocol, string target)
    {
        var options = Good(variable, $"PROTOCOL={protocol}");
        options.Enabled.ShouldBeTrue();
        options.Target!.AbsoluteUri.ShouldBe(target);
    }

    [Fact]
    public void Headers_PercentEncoded_AreDecoded() =>
        Good("HEADERS=Authorization=Basic%20dXNlcjpwYXNz==, x-a = 1%2C2 ,,x-a=3").Headers
            .ShouldBe([new KeyValuePair<string, string>("Authorization", "Basic dXNlcjpwYXNz=="), new KeyValuePair<string, string>("x-a", "3")]);

    [Fact]
    public void ResourceAttributes_AnyText_AreDecoded()
    {
        var options = Good("OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=pr%C3%B6d,a=b=c,service.name=mine");
        options.ResourceAttributes.ShouldBe([new("deployment.environment.name", "pr\u00f6d"), new("a", "b=c"), new KeyValuePair<string, string>("service.name", "mine")]);
        options.ServiceName.ShouldBe("mine");
        Good("OTEL_RESOURCE_ATTRIBUTES=service.name=mine", "OTEL_SERVICE_NAME=first").ServiceName.ShouldBe("first");
    }

    [Theory]
    [InlineData("TIMEOUT=0")]
    [InlineData("METRICS_TIMEOUT=0")]
    public void Timeout_Zero_IsNoLimit(string variable) => Good(variable).Timeout.ShouldBe(Timeout.InfiniteTimeSpan);

    [Fact]
    public void ExportTimeout_Zero_IsNoLimit() => Good("OTEL_METRIC_EXPORT_TIMEOUT=0").ExportTimeout.ShouldBe(Timeout.InfiniteTimeSpan);

    [Theory]
    [InlineData("ENDPOINT=localhost", "OTEL_EXPORTER_OTLP_ENDPOINT: not an absolute URL")]
    [InlineData("ENDPOINT=localhost:4318", "OTEL_EXPORTER_OTLP_ENDPOINT: ")]
    [InlineData("METRICS_ENDPOINT=unix:///run/x", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: ")]
    [InlineData("ENDPOINT=ftp://c", "scheme 'ftp' is not supported")]
    [InlineData("ENDPOINT=https://user:geheim@c", "credentials in the URL")]
    [InlineData("PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' is not supported: use http/protobuf or grpc")]
    [InlineData("METRICS_COMPRESSION=zstd", "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'zstd'")]
    [InlineData("TIMEOUT=10s", "OTEL_EXPORTER_OTLP_TIMEOUT: '10s' is not a time")]
    [InlineData("TIMEOUT=-1", "OTEL_EXPORTER_OTLP_TIMEOUT: '-1'")]
    [InlineData("TIMEOUT=99999999999999", "OTEL_EXPORTER_OTLP_TIMEOUT: ")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL=0", "OTEL_METRIC_EXPORT_INTERVAL: '0' is not an interval")]
    [InlineData("OTEL_METRICS_EXPORTER=console", "OTEL_METRICS_EXPORTER: 'console' is not supported")]
    [InlineData("OTEL_METRICS_EXPORTER=none,otlp", "none cannot be combined")]
    [InlineData("OTEL_SDK_DISABLED=yes", "OTEL_SDK_DISABLED: 'yes' is not a boolean")]
    [InlineData("HEADERS=geheim", "OTEL_EXPORTER_OTLP_HEADERS: entry 1 has no '='")]
    [InlineData("HEADERS=a=geheim%zz", "OTEL_EXPORTER_OTLP_HEADERS: entry 1 has a '%'")]
    [InlineData("HEADERS=a=geheim%FF", "not UTF-8")]
    [InlineData("HEADERS==geheim", "no key")]
    [InlineData("HEADERS=a=geheim%0d%0aX: 1", "'a' has a value with characters")]
    [InlineData("HEADERS=a b=geheim", "'a b' is not a header name")]
    [InlineData("HEADERS=Content-Type=geheim", "'Content-Type' is set by the exporter itself")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES=a=b,c", "OTEL_RESOURCE_ATTRIBUTES: entry 2 has no '='")]
    public void Value_Invalid_IsOneClearError(string variable, string error)
    {
        var line = Bad(variable);
        line.ShouldContain(error);
        line.ShouldNotContain("geheim");
    }

    [Fact]
    public void Endpoint_GrpcWithPath_IsAnError() => Bad("PROTOCOL=grpc", "ENDPOINT=http://c:4317/otlp").ShouldContain("has a path, which has no meaning over grpc");

    [Fact]
    public void Values_ManyInvalid_AreAllReported() =>
        Read(new OtlpOptions { MaxRequestBytes = 0 }, "ENDPOINT=x", "PROTOCOL=y", "TIMEOUT=z", "COMPRESSION=zip", "OTEL_METRIC_EXPORT_INTERVAL=0").Errors.Count.ShouldBe(6);

    [Fact]
    public void File_Invalid_IsReportedWithoutVariables()
    {
        var errors = Read(new OtlpOptions { Endpoint = new Uri("ftp://c"), Interval = TimeSpan.Zero, Headers = [new("host", "geheim")] }).Errors;
        errors.Count.ShouldBe(3);
        errors.ShouldAllBe(line => !line.Contains("geheim", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CERTIFICATE=/nonexistent/ca.pem", "/nonexistent/ca.pem cannot be used")]
    [InlineData("CLIENT_KEY=/nonexistent/key.pem", "must be set together")]
    [InlineData("CLIENT_CERTIFICATE=/nonexistent/cert.pem", "must be set together")]
    public void Certificates_Unusable_AreErrors(string variable, string error) => Bad("ENDPOINT=https://c", variable).ShouldContain(error);

    [Fact]
    public void FromFile_EveryKey_IsTaken()
    {
        var options = OtlpOptions.FromFile(new OtlpFileOptions
        {
            Endpoint = new Uri("http://c:4317"),
            Protocol = "grpc",
            Interval = TimeSpan.FromSeconds(15),
            Timeout = TimeSpan.FromSeconds(2),
            Compression = "gzip",
            Headers = new Dictionary<string, string> { ["a"] = "b" },
            Certificate = "/ca",
            ClientCertificate = "/cert",
            ClientKey = "/key",
        });
        options.Target!.AbsolutePath.ShouldEndWith("MetricsService/Export");
        options.Interval.ShouldBe(TimeSpan.FromSeconds(15));
        options.Timeout.ShouldBe(TimeSpan.FromSeconds(2));
        options.Compression.ShouldBe(OtlpCompression.Gzip);
        options.Headers.ShouldBe([new KeyValuePair<string, string>("a", "b")]);
        (options.CertificateFile, options.ClientCertificateFile, options.ClientKeyFile).ShouldBe(("/ca", "/cert", "/key"));
    }

    [Fact]
    public void FromFile_Nothing_IsTheDefaults() => OtlpOptions.FromFile(new OtlpFileOptions()).ShouldBe(new OtlpOptions());
}
