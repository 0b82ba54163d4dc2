using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Model;

public class ExponentialLayoutTests
{
    [Fact]
    public void UpperBound_EveryFourthCell_IsExactlyAPowerOfTwo()
    {
        for (var octave = -24; octave <= 10; octave++)
            ExponentialLayout.UpperBound((octave * 4) + 96).ShouldBe(Math.ScaleB(1, octave));
    }

    [Fact]
    public void UpperBound_Cells_GrowByTheFourthRootOfTwo()
    {
        for (var cell = 1; cell < ExponentialLayout.Cells; cell++)
            (ExponentialLayout.UpperBound(cell) / ExponentialLayout.UpperBound(cell - 1)).ShouldBe(1.189207115002721, 1e-12);
    }

    [Fact]
    public void ZeroThreshold_IsTheUpperBoundOfTheZeroCell() => ExponentialLayout.UpperBound(0).ShouldBe(ExponentialLayout.ZeroThreshold);
}
