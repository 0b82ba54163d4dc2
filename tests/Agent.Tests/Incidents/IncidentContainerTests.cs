using Observe.Agent.Tests.Incidents.Acts;

namespace Observe.Agent.Tests.Incidents;

/// <summary>The container that ran out of memory, and the lives of the others.</summary>
/// <param name="run">The incident.</param>
[Collection(nameof(OneIncident))]
public sealed class IncidentContainerTests(IncidentRun run)
{
    private const int KilledBySignal9 = 137;

    [Fact]
    public void Lives_OfTheOneThatWasKilledForWantOfMemory_AreErrorsInALoopOfRestarts()
    {
        run.SkipUnlessPlayed();
        var truth = run.Truth.Want;
        (truth.Restarts, truth.ExitCode).ShouldBe((WantAct.Restarts, KilledBySignal9), "as the engine says");
        var loop = run.Payload.Of(truth.Container, "container.restart_loop").ShouldHaveSingleItem();
        loop.IsError.ShouldBeTrue();
        loop.Int("observe.container.restarts").ShouldBe(WantAct.Restarts);
        loop.Text("observe.container.end").ShouldBe("stopped");
        loop.Begin.ShouldBeInRange(truth.Began.Before, truth.Began.After);
        loop.End.ShouldBeInRange(truth.Began.Before, truth.Removed.After);

        var lives = run.Payload.Of(truth.Container, "container.life").OrderBy(each => each.Begin).ToList();
        lives.Select(each => each.Int("observe.container.life")).ShouldBe([1, 2, 3]);
        foreach (var life in lives)
        {
            (life.ParentId, life.TraceId).ShouldBe((loop.SpanId, loop.TraceId));
            life.IsError.ShouldBeTrue();
            life.Int("process.exit.code").ShouldBe(KilledBySignal9);
            var kills = truth.Kills[(int)life.Int("observe.container.life")!.Value - 1];
            (life.Int("observe.container.oom_kills") ?? 0).ShouldBe(kills);
            life.Text("observe.container.end").ShouldBe(kills > 0 ? "oom" : "exited");
            life.Text("container.name").ShouldBe(WantAct.Name);
            life.Text("container.image.name").ShouldBe("busybox:test");
        }
        truth.Kills.Sum().ShouldBeGreaterThan(0, "the engine misses some, and not all");
        lives.Zip(lives.Skip(1)).ShouldAllBe(each => each.First.End <= each.Second.Begin);
        var create = run.Payload.Of(truth.Container, "container.create").ShouldHaveSingleItem();
        create.ParentId.ShouldBe(lives[0].SpanId);
        create.Begin.ShouldBe(lives[0].Begin);
    }

    [Fact]
    public void Lives_OfTheOthers_AreFromTheirCreationToTheirRemovalAndNoErrors()
    {
        run.SkipUnlessPlayed();
        (string Container, Stamp Began, Stamp Removed)[] others =
        [
            (run.Truth.Neighbour.Noisy, run.Truth.Neighbour.Entered, run.Truth.Neighbour.Left), (run.Truth.Migration.Container, run.Truth.Migration.Began, run.Truth.Migration.Removed),
        ];
        foreach (var (container, began, removed) in others)
        {
            var life = run.Payload.Of(container, "container.life").ShouldHaveSingleItem();
            life.Begin.ShouldBeInRange(began.Before, began.After);
            life.End.ShouldBeInRange(removed.Before, removed.After);
            life.Text("observe.container.end").ShouldBe("stopped", "by the script");
            life.IsError.ShouldBeFalse();
        }
        // These were there to the end, and only who comes later is told of theirs.
        foreach (var container in (string[])[run.Truth.Quota.Container, run.Truth.Neighbour.Victim])
            run.Payload.Of(container, "container.life").ShouldBeEmpty();
    }
}
