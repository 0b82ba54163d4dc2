namespace Observe.Telemetry.Model;

/// <summary>One value of one series in one collection.</summary>
/// <param name="Series">The series.</param>
/// <param name="Value">Value in the metric's unit; for histograms the sum of observations, in seconds.</param>
/// <param name="Count">Histograms: number of observations; 0 otherwise.</param>
/// <param name="FirstCell">Histograms: where this point's <see cref="ExponentialLayout.Cells"/> cells begin in <see cref="MetricSnapshot.Cells"/>.</param>
public readonly record struct Point(Series Series, double Value, ulong Count = 0, int FirstCell = 0);
