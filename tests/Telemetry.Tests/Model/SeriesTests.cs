using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Model;

public class SeriesTests
{
    private static readonly Resource Workload = new([], [new("workload", "w")]);
    private static readonly MetricDescriptor Gauge = new("g", "g", "{g}", MetricKind.Gauge, MetricScope.Workload, "G", "a", "b");
    private static readonly MetricDescriptor Info = new("i_info", "i.info", "", MetricKind.Info, MetricScope.Workload, "I");

    [Fact]
    public void Labels_OwnAndExtra_StandInOrder() =>
        new Series(Gauge, Workload, 0, ["1", "2"], [new("c", "3")]).Labels.ShouldBe([new("a", "1"), new("b", "2"), new("c", "3")]);

    [Fact]
    public void New_TooFewValues_NamesTheLabels() =>
        Should.Throw<ArgumentException>(() => new Series(Gauge, Workload, 0, ["1"])).Message.ShouldContain("g has 2 labels (a, b), not 1");

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a.b")]
    [InlineData("a-b")]
    [InlineData("caf\u00e9")]
    [InlineData("__name__")]
    public void New_IllegalLabelName_Throws(string name)
    {
        Should.Throw<ArgumentException>(() => new Series(Info, Workload, 0, [], [new(name, "")])).Message.ShouldContain($"i_info cannot have a label '{name}'");
        Should.Throw<ArgumentException>(() => new Resource([], [new(name, "")])).Message.ShouldContain($"cannot have a label '{name}'");
    }

    [Fact]
    public void New_SameLabelTwice_Throws()
    {
        Should.Throw<ArgumentException>(() => new Series(Info, Workload, 0, [], [new("x", "1"), new("x", "2")])).Message.ShouldContain("'x' twice");
        Should.Throw<ArgumentException>(() => new Series(Info, Workload, 0, [], [new("workload", "other")])).Message.ShouldContain("'workload' twice");
        Should.Throw<ArgumentException>(() => new Resource([], [new("x", "1"), new("x", "1")])).Message.ShouldContain("'x' twice");
    }

    [Fact]
    public void New_HistogramWithALabelLe_Throws()
    {
        var histogram = new MetricDescriptor("h_seconds", "h", "s", MetricKind.Histogram, MetricScope.Workload, "H", "le");
        Should.Throw<ArgumentException>(() => new Series(histogram, Workload, 0, ["1"])).Message.ShouldContain("le");
    }
}
