using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>A strict vCenter that refuses, lies or breaks off.</summary>
public sealed class EventFaultTests
{
    [Fact]
    public void Run_ServerSaysAgainAndAgainThatThereIsNews_IsNotAskedWithoutEnd()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            await bench.Pass(5);
            bench.VCenter.Faults.Decide = method => method == "WaitForUpdatesEx" ? throw new VimFaultException("InvalidCollectorVersion", "no", null) : null;
            var before = bench.VCenter.Requests.Count("CreateCollectorForEvents");
            var posted = bench.VCenter.Events.Post("VmPoweredOnEvent");
            await bench.Pass(60);

            bench.Keys().ShouldBe([posted.Key]);
            (bench.VCenter.Requests.Count("CreateCollectorForEvents") - before).ShouldBeLessThan(125, "twice a second");
        });
    }

    [Fact]
    public void Run_ServerThatDoesNotTellOfNews_IsAskedAndReadAllTheSame()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Faults.Decide = method => method == "CreatePropertyCollector" ? throw VimFault.Of("NotSupported", "no") : null;
            bench.Begin();
            await bench.Pass(10);
            bench.Post(5);
            await bench.Pass(8);
            bench.Keys().Length.ShouldBe(5);
            bench.Agent!.Status.First().Detail.ShouldContain("asking from time to time");
        });
    }

    [Theory]
    [InlineData("CreateCollectorForEvents")]
    [InlineData("ReadNextEvents")]
    [InlineData("WaitForUpdatesEx")]
    [InlineData("RewindCollector")]
    [InlineData("DestroyCollector")]
    [InlineData("CreateFilter")]
    public void Run_AnyFaultOfAnyRequest_IsGotOver(string method)
    {
        foreach (var trouble in Enum.GetValues<FakeTrouble>().Where(each => each != FakeTrouble.None))
        {
            using var bench = new Bench();
            bench.Run(async () =>
            {
                bench.VCenter.Faults.Next(trouble, method);
                bench.Begin();
                bench.Post(3);
                await bench.Pass(30);
                bench.VCenter.Faults.Next(trouble, method);
                for (var i = 0; i < 10; i++)
                {
                    bench.Post(3);
                    await bench.Pass(15);
                }
                await bench.Pass(60);
                bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key), $"{trouble}");
                await bench.Stop();
                bench.VCenter.Faults.Count.ShouldBeGreaterThan(0, $"{trouble}");
            });
        }
    }

    [Fact]
    public void Run_AnswersLostUntilTheServerHasNoRoom_EndsTheSessionAndGoesOn()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.VCenter.Events.MaxCollectors = 6;
            bench.Begin();
            for (var i = 0; i < 12; i++)
            {
                bench.Post(1);
                bench.VCenter.Faults.Next(FakeTrouble.CutAfter, "CreateCollectorForEvents");
                await bench.Pass(60);
            }
            bench.VCenter.Faults.Clear();
            bench.Post(1);
            await bench.Pass(600);
            bench.Keys().Order().ShouldBe(bench.VCenter.Events.Posted.Select(each => each.Key));
            bench.VCenter.Sessions.Logouts.ShouldBeGreaterThan(0);
        });
    }
}
