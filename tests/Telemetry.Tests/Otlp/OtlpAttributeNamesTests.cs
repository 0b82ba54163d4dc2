using Observe.Telemetry.Otlp;

namespace Observe.Telemetry.Tests.Otlp;

public sealed class OtlpAttributeNamesTests
{
    [Theory]
    [InlineData("state", "state")]
    [InlineData("culprit_kind", "culprit.kind")]
    [InlineData("k8s_pod_name", "k8s.pod.name")]
    [InlineData("max_entries", "max_entries")]
    public void OfLabel_Label_IsTheAttribute(string label, string attribute) => OtlpAttributeNames.OfLabel(label).ShouldBe(attribute);

    [Fact]
    public void OfLabel_EveryCatalogLabel_TranslatesBackToItself()
    {
        foreach (var label in MetricCatalog.All.SelectMany(metric => metric.Labels))
            OtlpAttributeNames.ToLabel(OtlpAttributeNames.OfLabel(label)).ShouldBe(label);
    }
}
