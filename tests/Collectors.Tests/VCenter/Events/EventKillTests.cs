using System.Diagnostics;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.Tests.VCenter.Fake.Soap;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>Real processes that are killed (SIGKILL), a real network, a real clock.</summary>
public sealed class EventKillTests(ITestOutputHelper output)
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1" ? 8 : 1;

    [Fact]
    public async Task Run_ProcessKilledAtAnyPoint_TheNextGoesOnAndNothingIsLost()
    {
        var state = Directory.CreateTempSubdirectory("observe-killed-").FullName;
        var vcenter = new FakeVCenter();
        await using var server = await FakeSoapServer.StartAsync(vcenter);
        var random = new Random(11);
        var lives = new List<int>();
        Process? process = null;
        try
        {
            for (var life = 0; life <= Kills; life++)
            {
                process = KilledProcess.Start(server.Url, state);
                lives.Add(process.Id);
                vcenter.Batch(() => Post(vcenter, 700));
                // Until it delivers, then a little longer: before, between and after two checkpoints.
                await Until(() => KilledProcess.Read(state).Any(each => each.Process == lives[^1]), process);
                vcenter.Batch(() => Post(vcenter, 300));
                await Task.Delay(random.Next(3000), TestContext.Current.CancellationToken);
                if (life == Kills)
                    break;
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                process.Dispose();
            }
            await Until(() => KilledProcess.Read(state).Select(each => each.Key).Distinct().Count() == vcenter.Events.Posted.Count, process!);
        }
        finally
        {
            process!.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
        var delivered = KilledProcess.Read(state);
        delivered.Select(each => each.Key).Distinct().Order().ShouldBe(vcenter.Events.Posted.Select(each => each.Key));
        delivered.ShouldBeUnique("one process delivered an event twice");
        output.WriteLine($"{Kills} kills: {vcenter.Events.Posted.Count} events, {delivered.Length} deliveries");
        Directory.Delete(state, recursive: true);
    }

    private static async Task Until(Func<bool> condition, Process process)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (process.HasExited)
                throw new InvalidOperationException($"the process ended by itself: {await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)}");
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static void Post(FakeVCenter vcenter, int count)
    {
        for (var i = 0; i < count; i++)
            vcenter.Events.Post("VmReconfiguredEvent");
    }
}
