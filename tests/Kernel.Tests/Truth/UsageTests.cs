using Observe.Kernel.Tests.Harness;

namespace Observe.Kernel.Tests.Truth;

/// <summary>Running against what the cgroup's own files say it used.</summary>
[Trait("kernels", "oldest")]
public sealed class UsageTests(AgentUnderTest agent, ITestOutputHelper output) : TruthTests(agent, output)
{
    [Theory]
    [InlineData("spin", "--threads 3")]
    [InlineData("pingpong", "")]
    [InlineData("sleepwake", "--period-us 1000 --work-us 400")]
    public async Task Running_WholeLife_IsTheCgroupsUsage(string program, string options)
    {
        await using var group = TestCgroup.Create("usage");
        await using var load = await Load.StartAsync(group, program, [Bed.Text(Bed.Seconds(4, 2)), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        await load.EndAsync();
        var spent = (await Agent.ScrapeAsync()).Workload(group.Path);

        Note($"{spent}");
        spent.Threads.ShouldBe(0);
        Agree($"running of {program}", spent.Running, group.Usage(), Tolerance.Usage);
    }
}
