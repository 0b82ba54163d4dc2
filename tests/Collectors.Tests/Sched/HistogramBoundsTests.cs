using System.Globalization;
using System.Text.RegularExpressions;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.Sched;

/// <summary>The kernel side's table of seams against the layout that the writers export.</summary>
public sealed partial class HistogramBoundsTests
{
    [Fact]
    public void Bounds_InTheHeader_AreTheLayoutsBoundsInWholeNanoseconds()
    {
        var bounds = Numbers();

        bounds.Length.ShouldBe(ExponentialLayout.Cells);
        for (var cell = 0; cell < bounds.Length; cell++)
        {
            // The largest whole number of ns that is not above the bound: 9 digits of a double's 15 are enough to tell.
            var bound = 1e9 * ExponentialLayout.UpperBound(cell);
            ((double)bounds[cell]).ShouldBeLessThanOrEqualTo(bound * (1 + 1e-15));
            ((double)bounds[cell] + 1).ShouldBeGreaterThan(bound * (1 - 1e-15));
        }
    }

    private static ulong[] Numbers()
    {
        var header = File.ReadAllText(BuiltObject.Source("include/histogram.bpf.h"));
        var table = header[header.IndexOf("HISTOGRAM_BOUNDS_NS[HISTOGRAM_CELLS]", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("};", StringComparison.Ordinal)];
        return [.. Number().Matches(table).Select(match => ulong.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
    }

    [GeneratedRegex(@"(\d+)ULL")]
    private static partial Regex Number();
}
