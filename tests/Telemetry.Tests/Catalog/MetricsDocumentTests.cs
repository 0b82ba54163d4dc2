namespace Observe.Telemetry.Tests.Catalog;

public class MetricsDocumentTests
{
    [Fact]
    public void Write_Catalog_MatchesTheDocs() => Golden.ShouldMatch(MetricsDocument.Write(MetricCatalog.All), "docs/metrics.md");
}
