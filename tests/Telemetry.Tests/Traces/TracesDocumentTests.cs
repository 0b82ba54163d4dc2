using System.Text.RegularExpressions;
using Observe.Telemetry.Traces;

namespace Observe.Telemetry.Tests.Traces;

public sealed partial class TracesDocumentTests
{
    [Fact]
    public void Write_Catalog_MatchesTheDocs() => Golden.ShouldMatch(TracesDocument.Write(), "docs/traces.md");

    [Fact]
    public void Catalog_Names_AreUniqueAndWellFormed()
    {
        SpanCatalog.All.Select(each => each.Name).ShouldBeUnique();
        foreach (var span in SpanCatalog.All)
        {
            Name().IsMatch(span.Name).ShouldBeTrue(span.Name);
            span.Attributes.Select(each => each.Name).ShouldBeUnique(span.Name);
            foreach (var attribute in span.Attributes.Concat(SpanCatalog.Common))
            {
                Name().IsMatch(attribute.Name).ShouldBeTrue(attribute.Name);
                attribute.Type.ShouldBeOneOf("string", "int", "double", "boolean", "string[]", "double[]");
            }
        }
    }

    [Fact]
    public void Catalog_OneAttribute_HasOneTypeEverywhere() =>
        SpanCatalog.All.SelectMany(each => each.Attributes).GroupBy(each => each.Name).ShouldAllBe(each => each.Select(one => one.Type).Distinct().Count() == 1);

    [GeneratedRegex("^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*$")]
    private static partial Regex Name();
}
