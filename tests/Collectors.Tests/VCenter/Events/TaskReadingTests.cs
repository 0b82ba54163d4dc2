using Observe.Collectors.Events;
using Observe.Collectors.Tests.VCenter.Fake;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>What is read of a strict vCenter's tasks.</summary>
public sealed class TaskReadingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_TasksOfAllKinds_AreToldOnceEachWithTheirOwnTimes(bool isWithoutHistory)
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            if (isWithoutHistory)
                bench.VCenter.Faults.Decide = method => method == "CreateCollectorForTasks" ? throw VimFault.Of("NotSupported", "no") : null;
            bench.Begin();
            await bench.Pass(10);
            var quick = bench.VCenter.Tasks.Run("VirtualMachine.powerOn");
            var failed = bench.VCenter.Tasks.Run("VirtualMachine.relocate", fault: "InvalidState");
            var slow = bench.VCenter.Tasks.Queue("VirtualMachine.clone");
            await bench.Pass(30);
            bench.VCenter.Tasks.Start(slow);
            await bench.Pass(300);
            Told(bench).ShouldBe([
                $"{quick.Reference.Id} started", $"{quick.Reference.Id} succeeded", $"{failed.Reference.Id} started", $"{failed.Reference.Id} failed", $"{slow.Reference.Id} started",
            ], ignoreOrder: true);
            bench.VCenter.Tasks.End(slow);
            await bench.Pass(30);
            Told(bench).Count(each => each == $"{slow.Reference.Id} succeeded").ShouldBe(1);
            await bench.Pass(1200);
            Told(bench).Length.ShouldBe(6);
            var end = bench.Delivery.All.Single(each => each.Event.What.Name == "vcenter.task.succeeded" && Delivery.Of(each.Event.What, "vcenter.task.id") == slow.Reference.Id);
            end.Event.When.Contains((slow.Completed!.Value - DateTimeOffset.UnixEpoch).Ticks * 100).ShouldBeTrue();
            var failure = bench.Delivered.Single(each => each.Name == "vcenter.task.failed");
            Delivery.Of(failure, "error.type").ShouldBe("InvalidState");
            Delivery.Of(failure, "vcenter.task.descriptor").ShouldBe("VirtualMachine.relocate");
            bench.Lost("vcenter_task_unended").ShouldBe(0);
        });
    }

    [Fact]
    public void Run_StoppedInTheMiddleOfATask_TellsItsEndAndNotItsStartAgain()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            await bench.Pass(10);
            var task = bench.VCenter.Tasks.Queue("VirtualMachine.clone");
            bench.VCenter.Tasks.Start(task);
            var other = bench.VCenter.Tasks.Queue("VirtualMachine.clone");
            await bench.Pass(30);
            await bench.Stop();
            await bench.Pass(7200);
            bench.VCenter.Tasks.End(task);
            bench.VCenter.Tasks.Start(other);
            bench.VCenter.Tasks.End(other);
            bench.Begin();
            await bench.Pass(60);
            Told(bench).ShouldBe([$"{task.Reference.Id} started", $"{other.Reference.Id} started", $"{task.Reference.Id} succeeded", $"{other.Reference.Id} succeeded"], ignoreOrder: true);
        }, 600);
    }

    [Fact]
    public void Run_TasksThatTakeHours_AreToldInTimeAndAreNoReasonToReadTheWholeHistory()
    {
        using var bench = new Bench();
        bench.Run(async () =>
        {
            bench.Begin();
            await bench.Pass(10);
            FakeTask[] open = [bench.VCenter.Tasks.Queue("VirtualMachine.clone"), bench.VCenter.Tasks.Queue("VirtualMachine.relocate")];
            foreach (var each in open)
                bench.VCenter.Tasks.Start(each);
            for (var i = 0; i < 3000; i++)
                bench.VCenter.Tasks.Run("VirtualMachine.reconfigure");
            await bench.Pass(1800);
            bench.VCenter.Requests.Clear();
            await bench.Pass(3600);
            // One in a minute, its one page, and the one that is empty.
            bench.VCenter.Requests.Count("ReadNextTasks").ShouldBeLessThanOrEqualTo(2 * 61);
            foreach (var each in open)
                bench.VCenter.Tasks.End(each);
            // The server keeps what was done longer than the objects by which it was followed.
            bench.VCenter.Inventory.Remove(open[1].Reference);
            await bench.Pass(80);
            var told = Told(bench);
            foreach (var each in open)
                told.Where(text => text.StartsWith(each.Reference.Id + " ", StringComparison.Ordinal)).ShouldBe([$"{each.Reference.Id} started", $"{each.Reference.Id} succeeded"]);
            told.Length.ShouldBe(2 * 3002);
            bench.Lost("vcenter_task_unended").ShouldBe(0);
        }, 120);
    }

    [Fact]
    public void Run_ManyTasksWithKills_TellsEachAndRepeatsOnlyWhatWasNotYetWritten()
    {
        using var bench = new Bench();
        var random = new Random(5);
        bench.Run(async () =>
        {
            bench.VCenter.Faults.Often(FakeTrouble.CutBefore, 0.03);
            bench.VCenter.Faults.Often(FakeTrouble.KillSession, 0.01);
            bench.Begin();
            await bench.Pass(20);
            var open = new List<FakeTask>();
            for (var i = 0; i < 400; i++)
            {
                open.Add(bench.VCenter.Tasks.Queue("VirtualMachine.clone"));
                if (open.Count > 5)
                {
                    var task = open[random.Next(open.Count)];
                    open.Remove(task);
                    bench.VCenter.Tasks.Start(task);
                    bench.VCenter.Tasks.End(task, random.Next(3) == 0 ? "InvalidState" : null);
                }
                await bench.Pass(random.NextDouble() * 4);
                if (random.Next(40) != 0)
                    continue;
                bench.Kill();
                await bench.Pass(random.NextDouble() * 100);
                bench.Begin();
            }
            open.ForEach(task => bench.VCenter.Tasks.End(task));
            bench.VCenter.Faults.Clear();
            await bench.Pass(120);
        });
        Told(bench).Distinct().Count().ShouldBe(800);
        var repeats = bench.Delivery.All.Where(each => each.Event.What.Name is "vcenter.task.started" or "vcenter.task.succeeded" or "vcenter.task.failed")
            .GroupBy(each => Text(each.Event.What)).Where(each => each.Count() > 1).ToArray();
        foreach (var same in repeats)
        {
            same.Select(each => each.Life).ShouldBeUnique();
            foreach (var earlier in same.SkipLast(1))
                (bench.Killed[earlier.Life] - earlier.At).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1));
        }
    }

    private static string[] Told(Bench bench) => [.. bench.Delivered.Where(each => each.Name is "vcenter.task.started" or "vcenter.task.succeeded" or "vcenter.task.failed").Select(Text)];

    private static string Text(ObservedEvent each) => $"{Delivery.Of(each, "vcenter.task.id")} {each.Name.Split('.')[^1]}";
}
