using Observe.Bpf.Host;

namespace Observe.Bpf.Tests.Host;

public sealed class KernelLockdownTests
{
    [Theory]
    [InlineData("[none] integrity confidentiality\n", "none")]
    [InlineData("none [integrity] confidentiality\n", "integrity")]
    [InlineData("none integrity [confidentiality]\n", "confidentiality")]
    [InlineData("", null)]
    [InlineData("none", null)]
    [InlineData("]none[", null)]
    public void Parse_Modes_TakesTheBracketed(string text, string? mode) => KernelLockdown.Parse(text).ShouldBe(mode);

    [Fact]
    public void Read_NoSecurityFs_IsUnknown() => KernelLockdown.Read("/nonexistent/lockdown").ShouldBeNull();
}
