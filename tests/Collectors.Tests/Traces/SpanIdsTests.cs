using System.Security.Cryptography;
using System.Text;
using Observe.Collectors.Traces;

namespace Observe.Collectors.Tests.Traces;

public sealed class SpanIdsTests
{
    [Fact]
    public void Ids_AreTheRecipeOfTheDocs()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("observe\0vcenter.operation\0uuid\042")));
        SpanIds.Trace("vcenter.operation", "uuid", "42").ToHexString().ShouldBe(hash[..32]);
        SpanIds.Span("vcenter.operation", "uuid", "42").ToHexString().ShouldBe(hash[..16]);
    }

    [Fact]
    public void Ids_OfOtherParts_AreOthers()
    {
        SpanIds.Span("a", "bc").ShouldNotBe(SpanIds.Span("ab", "c"));
        SpanIds.Span("a", "b", "c").ShouldNotBe(SpanIds.Span("a", "bc"));
        SpanIds.Span("a", "b").ShouldBe(SpanIds.Span("a", "b"));
    }

    [Fact]
    public void NotZero_OfZeros_EndsInOne()
    {
        SpanIds.NotZero(new byte[4]).ToArray().ShouldBe([0, 0, 0, 1]);
        SpanIds.NotZero(new byte[] { 0, 2, 0, 0 }).ToArray().ShouldBe([0, 2, 0, 0]);
    }
}
