namespace Observe.Telemetry.Model;

/// <summary>One value of one series in one collection.</summary>
/// <param name="Series">The series.</param>
/// <param name="Value">Value in the metric's unit; for histograms the sum of observations, in seconds.</param>
/// <param name="Count">Histograms: number of observations; 0 otherwise.</param>
/// <param name="FirstCell">Histograms: where this point's <see cref="ExponentialLayout.Cells"/> cells begin in <see cref="MetricSnapshot.Cells"/>.</param>
/// <param name="TimeUnixNano">When the value was true, if its source says so, ns since the Unix epoch; 0 for the snapshot's own time. Only OTLP carries it: in Prometheus, samples with times of their own would outlive their series.</param>
/// <param name="IsPushedApart">Whether OTLP gets it, with all that were before it, by a <see cref="SampleQueue"/>: then it leaves it out here.</param>
public readonly record struct Point(Series Series, double Value, ulong Count = 0, int FirstCell = 0, bool IsPushedApart = false, ulong TimeUnixNano = 0);
