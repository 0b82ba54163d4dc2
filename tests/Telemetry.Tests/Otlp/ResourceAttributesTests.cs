using Observe.Telemetry.Model;
using Observe.Telemetry.Otlp;

namespace Observe.Telemetry.Tests.Otlp;

public sealed class ResourceAttributesTests
{
    private static Dictionary<string, string> Attributes(Resource resource, OtlpEncoderOptions options)
    {
        var expected = new Expected();
        expected.Add(new Series(MetricCatalog.Lost, resource, 1, ["x"]), 1);
        using var lease = expected.Build();
        using var payload = new OtlpPayload();
        new OtlpMetricsEncoder(options).Encode(lease.Snapshot, payload);
        return Decoded.ToDictionary(new Decoded(payload).Numbers.ShouldHaveSingleItem().Resource.Resource.Attributes);
    }

    [Fact]
    public void Resource_OwnAttributes_ComeBeforeTheEnvironments()
    {
        var options = new OtlpEncoderOptions { CommonAttributes = [new("host.name", "other"), new("deployment.environment.name", "prod")] };
        var attributes = Attributes(Expected.Host, options);
        attributes["host.name"].ShouldBe("alpha");
        attributes["os.type"].ShouldBe("linux");
        attributes["deployment.environment.name"].ShouldBe("prod");
        Attributes(Expected.Workload("w"), options)["deployment.environment.name"].ShouldBe("prod");
    }

    [Fact]
    public void Resource_HostWithoutServiceName_IsObserve() =>
        Attributes(Expected.Host, new OtlpEncoderOptions())["service.name"].ShouldBe("observe");

    [Fact]
    public void Resource_ServiceName_ComesBeforeResourceAttributes() =>
        Attributes(Expected.Host, new OtlpEncoderOptions { ServiceName = "mine", CommonAttributes = [new("service.name", "theirs")] })["service.name"].ShouldBe("mine");

    [Fact]
    public void Resource_ServiceNameInResourceAttributes_IsTheHosts() =>
        Attributes(Expected.Host, new OtlpEncoderOptions { CommonAttributes = [new("service.name", "theirs")] })["service.name"].ShouldBe("theirs");

    [Fact]
    public void Resource_Workload_IsNotTheAgentsService()
    {
        var options = new OtlpEncoderOptions { ServiceName = "mine", CommonAttributes = [new("service.name", "theirs"), new("service.version", "9"), new("service.namespace", "ns")] };
        var attributes = Attributes(Expected.Workload("w7"), options);
        attributes["service.name"].ShouldBe("name of w7");
        attributes["service.instance.id"].ShouldBe("alpha/w7");
        attributes.ShouldNotContainKey("service.version");
        attributes.ShouldNotContainKey("service.namespace");
    }

    [Fact]
    public void Resource_WorkloadWithItsOwnService_KeepsIt()
    {
        var attributes = Attributes(Expected.Workload("w", new("service.name", "checkout"), new("service.instance.id", "i-1")), new OtlpEncoderOptions());
        attributes["service.name"].ShouldBe("checkout");
        attributes["service.instance.id"].ShouldBe("i-1");
    }
}
