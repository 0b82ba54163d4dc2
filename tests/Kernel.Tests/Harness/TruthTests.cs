namespace Observe.Kernel.Tests.Harness;

/// <summary>What every truth test has: the agent, and a place to write down what was measured.</summary>
[Collection(OneAgent.Name)]
public abstract class TruthTests
{
    private readonly ITestOutputHelper output;

    protected TruthTests(AgentUnderTest agent, ITestOutputHelper output)
    {
        AgentUnderTest.SkipUnlessUsable();
        Agent = agent;
        this.output = output;
    }

    protected AgentUnderTest Agent { get; }

    /// <summary>Writes down a number.</summary>
    protected void Note(string text) => output.WriteLine(text);

    /// <summary>A measured value is what an independent source says, to a tolerance; both are written down.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="measured">Ours.</param>
    /// <param name="truth">Theirs.</param>
    /// <param name="tolerance">Relative to the scale.</param>
    /// <param name="scale">What the tolerance is relative to; the truth itself if null.</param>
    private protected void Agree(string what, double measured, Interval truth, double tolerance, double? scale = null)
    {
        var allowed = tolerance * (scale ?? truth.Middle);
        var miss = truth.Miss(measured);
        var line = $"{what}: measured {measured:0.000000000}, truth {truth.Low:0.000000000}{(truth.Width > 0 ? $"..{truth.High:0.000000000}" : "")}, off by {miss:0.000000000} ({miss / (scale ?? truth.Middle) * 100:0.0000} %), allowed {allowed:0.000000000} ({tolerance * 100:0.####} %)";
        Note(line);
        miss.ShouldBeLessThanOrEqualTo(allowed, line);
    }

    private protected static Task Pass(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));
}
