using Observe.Collectors.Events;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Events;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>
/// 50,000 events in bursts of 2,500, with connections cut, sessions ended and agents killed at random points. What is guaranteed: no
/// event is missing in the end, but those that the server itself had removed, which are counted; none is delivered twice by one agent;
/// and what a killed agent had delivered comes again only if its last checkpoint could not say so yet.
/// </summary>
public sealed class EventChaosTests(ITestOutputHelper output)
{
    private const int Bursts = 20;
    private const int BurstSize = 2_500;

    /// <summary>A checkpoint is written a second after a delivery at the latest, and as often the clock.</summary>
    private static readonly TimeSpan CheckpointAge = TimeSpan.FromSeconds(1);

    /// <summary>One, or a hundred, or that which has failed.</summary>
    public static TheoryData<int> Seeds => Environment.GetEnvironmentVariable("OBSERVE_SEED") is { } seed ? new(int.Parse(seed)) : new(Enumerable.Range(1, Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1" ? 100 : 1));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_BurstsWithCutsAndKills_LosesNothing(int seed)
    {
        using var bench = new Bench(seed);
        var random = new Random(seed);
        var repeats = 0;
        var kills = 0;
        bench.Run(async () =>
        {
            Trouble(bench, random);
            bench.Begin();
            await bench.Pass(20);
            for (var burst = 0; burst < Bursts; burst++)
            {
                Post(bench, random);
                for (var left = 30 * random.NextDouble(); left > 0; left -= 3)
                {
                    await bench.Pass(random.NextDouble() * Math.Min(left, 3));
                    if (random.Next(5) != 0)
                        continue;
                    await KillAsync(bench, random);
                    kills++;
                }
                if (random.Next(8) == 0)
                    bench.VCenter.Sessions.KillAll();
            }
            bench.VCenter.Faults.Clear();
            await bench.Pass(300);
            repeats = Check(bench);
            await bench.Stop();
        });
        output.WriteLine($"seed {seed}: {bench.VCenter.Faults.Count} requests troubled, {kills} kills, {bench.VCenter.Sessions.Logins} logins, {bench.Delivery.All.Count} deliveries, {repeats} repeats, {bench.Time.Passed}");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Run_TheSameWithAServerThatKeepsLittle_DeliversOrCountsEach(int seed)
    {
        using var bench = new Bench(seed);
        var random = new Random(seed);
        bench.Run(async () =>
        {
            // What was there before the first event was read, nobody can know of.
            bench.Begin();
            bench.VCenter.Events.Post("VmPoweredOnEvent");
            await bench.Pass(20);
            bench.VCenter.Events.MaxKept = 6_000;
            Trouble(bench, random);
            for (var burst = 0; burst < Bursts; burst++)
            {
                Post(bench, random);
                await bench.Pass(20 * random.NextDouble());
                if (random.Next(4) == 0)
                    await KillAsync(bench, random);
            }
            bench.VCenter.Faults.Clear();
            await bench.Pass(300);
            await bench.Stop();
        });
        var delivered = bench.Keys().ToHashSet();
        var missing = bench.VCenter.Events.Posted.Count(each => !delivered.Contains(each.Key));
        output.WriteLine($"seed {seed}: {delivered.Count} delivered, {missing} not, {bench.Lost("vcenter_event_missed")} counted as missed");
        // By an agent after one that was killed also what that one had counted or delivered, and could not write any more.
        bench.Lost("vcenter_event_missed").ShouldBeGreaterThanOrEqualTo(missing, $"{string.Join(" | ", bench.Agent!.Status)}; {string.Join(" | ", bench.Log.Lines.TakeLast(5))}");
        bench.Lost("vcenter_event_missed").ShouldBeLessThanOrEqualTo((2 * missing) + (bench.Killed.Count * BurstSize));
    }

    private static void Trouble(Bench bench, Random random)
    {
        var often = 0.01 + (0.04 * random.NextDouble());
        bench.VCenter.Faults.Often(FakeTrouble.CutBefore, often);
        bench.VCenter.Faults.Often(FakeTrouble.CutMidAnswer, often);
        bench.VCenter.Faults.Often(FakeTrouble.KillSession, often / 2);
        bench.VCenter.Faults.Often(FakeTrouble.Http503, often / 4);
        bench.VCenter.Faults.Often(FakeTrouble.Hang, often / 8);
        bench.VCenter.Latency.Set(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(15));
    }

    private static void Post(Bench bench, Random random) => bench.VCenter.Batch(() =>
    {
        // Some are older than those before them: transactions end in any order.
        for (var i = 0; i < BurstSize; i++)
            bench.VCenter.Events.Post("VmReconfiguredEvent", created: random.Next(10) == 0 ? bench.VCenter.Clock.Now - (TimeSpan.FromSeconds(15) * random.NextDouble()) : null);
    });

    /// <summary>Kills the agent, and starts another some time later; what a killed one left half written is there too.</summary>
    private static async Task KillAsync(Bench bench, Random random)
    {
        bench.Kill();
        if (random.Next(2) == 0)
            LeaveHalfWritten(bench);
        await bench.Pass(random.Next(3) switch { 0 => 0, 1 => 2, _ => 30 * random.NextDouble() });
        bench.Begin();
    }

    // In this thread, and no other.
    private static void LeaveHalfWritten(Bench bench)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(bench.CheckpointPath)!);
        File.WriteAllText(bench.CheckpointPath + ".new", "{\"kind\":\"observe vcen");
    }

    /// <returns>Events that were delivered again.</returns>
    private static int Check(Bench bench)
    {
        bench.Lost("vcenter_event_missed").ShouldBe(0);
        bench.Lost("timeline_hurried").ShouldBe(0);
        var delivered = bench.Delivery.All.Where(each => Delivery.Of(each.Event.What, "vcenter.event.key") is not null).ToArray();
        var missing = bench.VCenter.Events.Posted.Select(each => each.Key).Except(delivered.Select(each => Delivery.Identity(each.Event.What).Key)).ToArray();
        missing.Length.ShouldBe(0, $"{string.Join(", ", missing.Take(20))}; {string.Join(" | ", bench.Agent!.Status)}; {string.Join(" | ", bench.Log.Lines.TakeLast(5))}");
        var repeats = 0;
        foreach (var same in delivered.GroupBy(each => Delivery.Identity(each.Event.What)))
        {
            var times = same.ToArray();
            times.Select(each => each.Life).ShouldBeUnique($"event {same.Key.Key} was delivered twice by one agent");
            for (var i = 0; i + 1 < times.Length; i++)
            {
                repeats++;
                var end = bench.Killed[times[i].Life];
                (end - times[i].At).ShouldBeLessThanOrEqualTo(CheckpointAge, $"event {same.Key.Key} came again, and its checkpoint had had the time to say so");
            }
        }
        return repeats;
    }
}
