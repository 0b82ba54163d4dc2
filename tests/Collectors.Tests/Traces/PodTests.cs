using Observe.Collectors.Traces.Pods;

namespace Observe.Collectors.Tests.Traces;

/// <summary>Lives of pods, of what the API server tells.</summary>
public sealed class PodTests
{
    [Fact]
    public void Pod_FromItsCreationToItsDeletion_IsASpanWithItsPartsBeneath()
    {
        var story = new Story();
        Tell(story, "k8s.pod.scheduled", 1, 2);
        Tell(story, "k8s.pod.ready", 2, 9);
        Tell(story, "k8s.container.terminated", 4, 50, "a", ("process.exit.code", "137"), ("k8s.container.status.last_terminated_reason", "OOMKilled"), ("container.id", "a"));
        Tell(story, "k8s.container.terminated", 51, 99, "b", ("process.exit.code", "0"), ("container.id", "b"));
        Tell(story, "k8s.pod.deleted", 1, 100);
        story.Until(200);

        var life = story.Only("k8s.pod.life");
        (life.Begin, life.End).ShouldBe((Story.At(1, 0.001), Story.At(100, 0.001)));
        story.Only("k8s.pod.schedule").Parent.ShouldBe(life.Id);
        story.Only("k8s.pod.start").End.ShouldBe(Story.At(9, 0.001));
        var containers = story.All("k8s.container.life");
        containers.Select(each => each.IsError).ShouldBe([true, false]);
        Story.Value(containers[0], "process.exit.code").ShouldBe(137L);
        story.Spans.ShouldAllBe(each => each.Trace == life.Trace);
        story.ShouldBeSound();
    }

    [Fact]
    public void Pod_WhoseServersClockIsOff_StillHasItsPartsInIt()
    {
        var story = new Story();
        // Deleted before its container ended, says a clock that is known to 3 s.
        story.Tell("k8s", Story.At(50, 0.5), new PodEvent("k8s.container.terminated", "u", "a", [new("container.id", "a")], Story.At(4, 0.5)));
        story.Tell("k8s", Story.At(48, 3), new PodEvent("k8s.pod.deleted", "u", "", [new("k8s.pod.uid", "u")], Story.At(6, 3)));
        story.Until(200).ShouldBeSound();
        story.Only("k8s.pod.life").Begin.Earliest.ShouldBe(Story.At(3, 0).Middle);
    }

    private static void Tell(Story story, string name, double from, double to, string of = "", params (string Name, string Value)[] more) => story.Tell(
        "k8s", Story.At(to, 0.001), new PodEvent(
            name, "u", of, [new("k8s.pod.uid", "u"), new("k8s.pod.name", "web"), .. more.Select(each => new KeyValuePair<string, string>(each.Name, each.Value))], Story.At(from, 0.001)));
}
