using Observe.Collectors.Traces;

namespace Observe.Collectors.Tests.Traces;

/// <summary>A vCenter that is off by up to 3 s and a host whose clock is set: nothing stands outside of what it hangs beneath, and no order is claimed that was not.</summary>
public sealed class SkewTests
{
    private static readonly int Stories = Environment.GetEnvironmentVariable("OBSERVE_LONG") == "1" ? 10_000 : 300;

    /// <summary>As long as both clocks are as good as is said of them, all that is claimed is true, and what was at the same time has to do with each other.</summary>
    [Fact]
    public void Stories_ClocksThatAreOffByWhatTheySay_ClaimOnlyTheTruth()
    {
        var (inside, linked) = (0, 0);
        for (var seed = 0; seed < Stories; seed++)
        {
            using var world = new SkewedWorld(seed, isHonest: true);
            world.Run();
            ShouldBeSound(world, seed);
            var operations = world.Spans.Where(each => each.Descriptor.Name == "vcenter.vm.migrate").ToDictionary(each => each.Id);
            operations.Count.ShouldBe(3, $"seed {seed}");
            foreach (var span in world.Spans)
            {
                if (TruthOf(world, span) is not { } truth)
                    continue;
                if (!span.Begin.Contains(truth.Begin) || !span.End.Contains(truth.End))
                    Assert.Fail($"seed {seed}: {span.Descriptor.Name} was not when it is said to have been");
                if (operations.ContainsKey(span.Id))
                    continue;
                foreach (var operation in operations.Values)
                {
                    var its = world.Operations[(string)Story.Value(operation, "vcenter.event.chain_id")!];
                    var isLinked = span.Links.Any(each => each.Span == operation.Id);
                    if (span.Parent == operation.Id && (truth.Begin < its.Begin || truth.End > its.End))
                        Assert.Fail($"seed {seed}: {span.Descriptor.Name} was not inside of what it hangs beneath");
                    if (span.Parent != operation.Id && !isLinked && truth.Begin <= its.End && its.Begin <= truth.End)
                        Assert.Fail($"seed {seed}: {span.Descriptor.Name} was at the time of an operation that it has nothing to do with");
                    inside += span.Parent == operation.Id ? 1 : 0;
                    linked += isLinked ? 1 : 0;
                }
            }
        }
        inside.ShouldBeGreaterThan(Stories, "hardly anything was inside: the test shows nothing");
        linked.ShouldBeGreaterThan(Stories);
    }

    /// <summary>A clock that says that it is right, and is then set by up to an hour: what is claimed of the time before may be wrong, but holds together.</summary>
    [Fact]
    public void Stories_AHostClockThatIsSetByAnHour_HoldTogether()
    {
        for (var seed = 0; seed < Stories; seed++)
        {
            using var world = new SkewedWorld(seed, isHonest: false);
            world.Run();
            ShouldBeSound(world, seed);
        }
    }

    private static void ShouldBeSound(SkewedWorld world, int seed)
    {
        var known = world.Spans.ToDictionary(each => each.Id);
        foreach (var span in world.Spans)
        {
            if (span.Begin.Earliest > span.Begin.Latest || span.End.Earliest > span.End.Latest || span.EndTicks <= span.BeginTicks)
                Assert.Fail($"seed {seed}: {span.Descriptor.Name} has a bound that is none");
            if (span.Parent == default)
                continue;
            var parent = known[span.Parent];
            if (parent.Trace != span.Trace || parent.BeginTicks > span.BeginTicks || span.EndTicks > parent.EndTicks)
                Assert.Fail($"seed {seed}: {span.Descriptor.Name} is shown outside of {parent.Descriptor.Name}");
            if (parent.Begin.Earliest > span.Begin.Earliest || span.End.Latest > parent.End.Latest)
                Assert.Fail($"seed {seed}: {span.Descriptor.Name} may have been outside of {parent.Descriptor.Name}");
            // A part of an operation is made of its moments; of anything else it has to be certain.
            if (span.Descriptor.Name != "vcenter.operation.phase" && (parent.Begin.LeastUntil(span.Begin) < 0 || span.End.LeastUntil(parent.End) < 0))
                Assert.Fail($"seed {seed}: {span.Descriptor.Name} hangs beneath {parent.Descriptor.Name}, and it is not certain that it was inside");
        }
    }

    private static (long Begin, long End)? TruthOf(SkewedWorld world, ObservedSpan span) => span.Descriptor.Name switch
    {
        "vcenter.vm.migrate" => world.Operations[(string)Story.Value(span, "vcenter.event.chain_id")!],
        "stall.wait" => world.Stalls[(long)Story.Value(span, "thread.id")!],
        "guest.blackout" => world.Stalls.Values.MinBy(each => Math.Abs(each.End - each.Begin - (long)((double)Story.Value(span, "observe.guest.blackout.duration")! * 1e9))),
        _ => null,
    };
}
