using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Docker;

/// <summary>
/// One container's time by the ledger against the same by the engine, over the same stretch: since a mark that moves on, so
/// that what goes wrong later shows too. One thread at a time.
/// </summary>
internal sealed class CrossCheck
{
    /// <summary>The engine's time below which nothing is said, s: what both may be off by at the ends of the stretch is then less than 1 % of it.</summary>
    private const double Least = 1;

    /// <summary>The engine's time after which the mark moves on, s.</summary>
    private const double Enough = 10;

    private readonly Signal cpu = new("cpu");
    private readonly Signal throttled = new("throttled");

    /// <summary>Takes two readings of the same moment in.</summary>
    /// <param name="ours">By the ledger, running and throttled, s.</param>
    /// <param name="theirs">By the engine, s; NaN for what it does not count.</param>
    public void Take((double Running, double Throttled) ours, (double Running, double Throttled) theirs)
    {
        cpu.Take(ours.Running, theirs.Running);
        throttled.Take(ours.Throttled, theirs.Throttled);
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="resource">Whose they are.</param>
    public void Export(SnapshotBuilder builder, Resource resource)
    {
        cpu.Export(builder, resource);
        throttled.Export(builder, resource);
    }

    private sealed class Signal(string name)
    {
        private (double Ours, double Theirs)? mark;
        private (double Ours, double Theirs) next;
        private double ratio = double.NaN;
        private Series? series;

        public void Take(double ours, double theirs)
        {
            if (double.IsNaN(ours) || double.IsNaN(theirs))
                return;
            if (mark is not { } from || theirs < from.Theirs)
            {
                mark = next = (ours, theirs);
                return;
            }
            if (theirs - from.Theirs >= Least)
                ratio = (ours - from.Ours) / (theirs - from.Theirs);
            if (theirs - next.Theirs >= Enough)
                (mark, next) = (next, (ours, theirs));
        }

        public void Export(SnapshotBuilder builder, Resource resource)
        {
            if (!double.IsNaN(ratio))
                builder.Add(series ??= new Series(MetricCatalog.CrossCheck, resource, 0, [name]), ratio);
        }
    }
}
