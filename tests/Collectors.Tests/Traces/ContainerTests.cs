using Observe.Collectors.Traces;

namespace Observe.Collectors.Tests.Traces;

/// <summary>Lives of containers, of an engine's events.</summary>
public sealed class ContainerTests
{
    [Fact]
    public void Life_CreatedStartedHealthyEnded_IsASpanWithItsParts()
    {
        var story = new Story().Container(1, "create").Container(2, "start").Container(5, "health_status", "c1", ("container.state.health.status", "healthy"))
            .Container(20, "health_status", "c1", ("container.state.health.status", "unhealthy")).Container(30, "die", "c1", ("process.exit.code", "3")).Until(60);

        var life = story.Only("container.life");
        life.Begin.ShouldBe(Story.At(1, 0.001));
        life.End.ShouldBe(Story.At(30, 0.001));
        life.IsError.ShouldBeTrue();
        life.Problem.ShouldBe("ended with code 3");
        Story.Value(life, "container.id").ShouldBe("c1");
        Story.Value(life, "container.name").ShouldBe("web-1");
        Story.Value(life, "process.exit.code").ShouldBe(3L);
        Story.Value(life, "observe.container.end").ShouldBe("exited");
        story.Only("container.create").End.ShouldBe(Story.At(2, 0.001));
        var health = story.All("container.health");
        health.Select(each => (Story.Value(each, "container.state.health.status"), each.Begin.Middle, each.End.Middle, each.IsError)).ShouldBe(
        [
            ("starting", Story.At(2, 0).Middle, Story.At(5, 0).Middle, false), ("unhealthy", Story.At(20, 0).Middle, Story.At(30, 0).Middle, true),
        ]);
        health.ShouldAllBe(each => each.Parent == life.Id);
        story.ShouldBeSound();
    }

    [Fact]
    public void Life_Stopped_IsNoError()
    {
        var story = new Story().Container(2, "start").Container(9, "kill", "c1", ("observe.container.signal", "15")).Container(10, "die", "c1", ("process.exit.code", "143")).Container(10.1, "stop").Until(60);
        story.Only("container.life").IsError.ShouldBeFalse();
        Story.Value(story.Only("container.life"), "observe.container.end").ShouldBe("stopped");
    }

    [Fact]
    public void Life_ToldSomethingByASignal_HasNotBeenStopped()
    {
        var story = new Story().Container(2, "start").Container(9, "kill", "c1", ("observe.container.signal", "1")).Container(10, "die", "c1", ("process.exit.code", "1")).Until(60);
        story.Only("container.life").IsError.ShouldBeTrue();
    }

    [Fact]
    public void Life_KilledForWantOfMemory_IsAnErrorThatSaysSo()
    {
        var story = new Story().Container(2, "start").Container(9, "oom").Container(9.01, "die", "c1", ("process.exit.code", "137")).Until(60);
        var life = story.Only("container.life");
        life.IsError.ShouldBeTrue();
        life.Problem.ShouldBe("killed for want of memory");
        Story.Value(life, "observe.container.oom_kills").ShouldBe(1L);
        Story.Value(life, "observe.container.end").ShouldBe("oom");
    }

    [Theory]
    [InlineData(5.01)]
    [InlineData(5.4)]
    public void Life_KilledForWantOfMemoryToldAfterItsEnd_IsTheSame(double told)
    {
        var story = new Story().Container(2, "start").Container(5, "die", "c1", ("process.exit.code", "137")).Container(told, "oom").Until(60);
        var life = story.Only("container.life");
        Story.Value(life, "observe.container.oom_kills").ShouldBe(1L);
        Story.Value(life, "observe.container.end").ShouldBe("oom");
        life.End.Middle.ShouldBe(Story.At(5, 0).Middle, "it was over by then");
    }

    [Fact]
    public void Life_BeganBeforeTheAgent_BeginsWhenTheEngineSays()
    {
        var story = new Story().Tell("docker", 50, new Observe.Collectors.Traces.Containers.ContainerEvent(
            "container.die", Observe.Collectors.Identity.IdentitySubject.Container("c9"), [new("process.exit.code", "0")], Story.At(-1000, 0.001))).Until(90);
        story.Only("container.life").Begin.ShouldBe(Story.At(-1000, 0.001));
    }

    [Fact]
    public void Restarts_OneAfterAnother_StandInOneSpan()
    {
        var story = new Story();
        double[] starts = [1, 2.1, 3.3, 4.7, 6.5];
        foreach (var start in starts)
            story.Until(start).Container(start, "start").Container(start + 1, "die", "c1", ("process.exit.code", "1"));
        story.Until(200);

        var loop = story.Only("container.restart_loop");
        var lives = story.All("container.life");
        lives.Count.ShouldBe(5);
        lives.ShouldAllBe(each => each.Parent == loop.Id && each.Trace == loop.Trace);
        lives.Select(each => Story.Value(each, "observe.container.life")).ShouldBe([1L, 2L, 3L, 4L, 5L]);
        loop.Begin.ShouldBe(Story.At(1, 0.001));
        loop.End.ShouldBe(Story.At(7.5, 0.001));
        loop.IsError.ShouldBeTrue();
        Story.Value(loop, "observe.container.restarts").ShouldBe(4L);
        Story.Value(loop, "observe.container.end").ShouldBe("stopped");
        story.ShouldBeSound();
    }

    [Fact]
    public void Restarts_ThenRuns_EndWithTheStartOfWhatRuns()
    {
        var story = new Story().Container(1, "start").Container(2, "die", "c1", ("process.exit.code", "1")).Container(2.5, "start").Until(80);
        var loop = story.Only("container.restart_loop");
        loop.End.ShouldBe(Story.At(2.5, 0.001));
        Story.Value(loop, "observe.container.end").ShouldBe("recovered");
        story.Container(90, "die", "c1", ("process.exit.code", "1")).Container(90.3, "start").Until(200);
        var survivor = story.All("container.life")[1];
        survivor.Parent.ShouldBe(default);
        survivor.Links.ShouldContain(new SpanLink(loop.Trace, loop.Id, SpanLink.Of));
        story.Container(300, "die", "c1", ("process.exit.code", "0")).Until(400);
        story.All("container.life")[2].Trace.ShouldNotBe(loop.Trace, "one that had run for long is another matter");
        story.ShouldBeSound();
    }

    [Fact]
    public void Restart_ByHand_IsNoLoop()
    {
        var story = new Story().Container(1, "start").Container(5, "kill", "c1", ("observe.container.signal", "15")).Container(5.1, "die", "c1", ("process.exit.code", "143"))
            .Container(5.2, "stop").Container(5.4, "start").Container(5.5, "restart").Container(9, "die", "c1", ("process.exit.code", "0")).Until(200);
        story.All("container.restart_loop").ShouldBeEmpty();
        story.All("container.life").Select(each => each.Trace).ShouldBeUnique();
        story.All("container.life").Count.ShouldBe(2);
        story.ShouldBeSound();
    }

    [Fact]
    public void Start_WithoutAnEnd_EndsTheLifeBefore()
    {
        var story = new Story().Container(1, "start").Until(100).Container(100, "start").Container(200, "die", "c1", ("process.exit.code", "0")).Until(300);
        Story.Value(story.All("container.life")[0], "observe.incomplete").ShouldBe("end");
        story.All("container.life").Count.ShouldBe(2);
        story.ShouldBeSound();
    }

    [Fact]
    public void Life_ThatGoesOnForLong_HasItsPartsExportedMeanwhile()
    {
        var story = new Story().InGuest().Container(1, "create").Container(2, "start").Until(700);
        story.Only("container.create");
        story.All("container.life").ShouldBeEmpty();
        story.Container(800, "die", "c1", ("process.exit.code", "0")).Until(900);
        story.ShouldBeSound();
    }

    [Fact]
    public void Containers_Removed_AreForgotten()
    {
        var story = new Story();
        for (var i = 0; i < 20_000; i++)
            story.Container(1, "create", $"c{i}");
        story.Losses.Counter("trace_container_dropped").Value.ShouldBe(20_000 - 16_384);
        for (var i = 0; i < 20_000; i++)
            story.Container(2, "destroy", $"c{i}");
        story.Until(5).Count.Containers.ShouldBe(0);
        story.Spans.ShouldBeEmpty();
    }
}
