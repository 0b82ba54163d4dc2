using Observe.Collectors.Tests.Running;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Events;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

public sealed class FollowerStateTests
{
    [Fact]
    public void Failed_AHundredTimesForReasonsThatAlternate_IsToldOnceAndTheRecoveryOnce()
    {
        var logger = new RecordingLogger<FollowerState>();
        var state = new FollowerState("vc1", "events", logger);
        for (var i = 0; i < 100; i++)
            state.Failed(i % 2 == 0 ? new VCenterException($"not asked for {i} s", "wait") : new VimFaultException("SystemError", "no", null));
        (state.Status.Level, state.Status.Detail).ShouldBe((StatusLevel.Degraded, "the server refused with SystemError: no"));
        for (var i = 0; i < 100; i++)
            state.Succeeded(isTold: true);

        logger.Lines.ShouldBe([
            "Warning: cannot read the events of vCenter vc1: not asked for 0 s; it is tried again, from where the reading ended",
            "Information: the events of vCenter vc1 are read again",
        ]);
        state.Failed(new VCenterException("again"));
        logger.Lines.Count.ShouldBe(3);
    }
}
