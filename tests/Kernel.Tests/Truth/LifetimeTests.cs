using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Per cgroup, the states add up to its threads' lifetimes.</summary>
[Trait("kernels", "any")]
public sealed class LifetimeTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Theory]
    [InlineData("sleepwake", "--period-us 1000 --work-us 300")]
    [InlineData("spin", "")]
    public async Task States_SteadyThreads_AddUpToThreadsTimesElapsed(string program, string options)
    {
        var seconds = Bed.Seconds(5, 2.5);
        await using var group = TestCgroup.Create("steady");
        await using var load = await Load.StartAsync(group, program, [Bed.Text(seconds + 2.5), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var first = await Agent.ScrapeAsync();
        await Pass(seconds);
        var second = await Agent.ScrapeAsync();
        var spent = second.Workload(group.Path) - first.Workload(group.Path);

        Note($"{spent}");
        var threads = Directory.GetDirectories($"/proc/{load.Pid}/task").Length;
        spent.Threads.ShouldBe(threads);
        Agree("all states, by the clock around the scrapes", spent.Total, (second.At - first.At) * threads, Tolerance.Lifetime);
        Agree("all states, by the moment of the scrapes", spent.Total, (second.Elapsed - first.Elapsed) * threads, Tolerance.Lifetime);
    }

    [Theory]
    [InlineData(4, 2500, 1)]
    [InlineData(4, 20, 40)]
    [InlineData(1, 1, 300)]
    public async Task States_ThreadsBornAndGone_AddUpToTheirLives(int threads, int milliseconds, int rounds)
    {
        await using var group = TestCgroup.Create("lives");
        await using var load = await Load.StartAsync(group, "lives", $"{threads}", "--ms", $"{milliseconds}", "--rounds", $"{rounds}");
        await Pass(0.1);
        var first = await Agent.ScrapeAsync();
        await load.SignAsync();
        var said = await load.ReadAsync();
        var second = await Agent.ScrapeAsync();
        var spent = second.Workload(group.Path) - first.Workload(group.Path);

        // The main thread was there all the time; the others' bounds are their own.
        var main = second.Elapsed - first.Elapsed;
        var lives = new Interval(Load.Seconds(said, "inner_ns"), Load.Seconds(said, "outer_ns"));
        Note($"{spent}");
        spent.Threads.ShouldBe(1);
        Agree($"all states of {said.GetProperty("threads").GetInt32()} lives", spent.Total, lives + main, Tolerance.Lifetime);
    }
}
