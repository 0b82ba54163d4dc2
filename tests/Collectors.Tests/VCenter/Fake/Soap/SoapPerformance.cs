using System.Globalization;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>Queries of samples, in the format <c>normal</c>.</summary>
internal static class SoapPerformance
{
    public static IReadOnlyList<VimValue> Query(FakeVCenter vcenter, FakeSession session, SoapRequest request) =>
        [.. vcenter.Performance.Query(session, [.. request.Arguments.All("querySpec").Select(Query)]).Select(Value)];

    private static (PerfQuery Query, DateTimeOffset? End) Query(VimValue spec)
    {
        if (spec["format"]?.Text is not (null or "normal"))
            throw VimFault.Of("NotSupported", "only the format 'normal'");
        var query = new PerfQuery(
            spec["entity"]!.AsManagedObject!.Value, spec["startTime"]?.AsTime, (int?)spec["maxSample"]?.AsInt64, (int)(spec["intervalId"]?.AsInt64 ?? 20),
            [.. spec.All("metricId").Select(each => ((int)each["counterId"]!.AsInt64!.Value, each["instance"]!.Text))]);
        return (query, spec["endTime"]?.AsTime);
    }

    private static VimValue Value(PerfEntitySamples samples) => new("PerfEntityMetric", "",
    [
        new("entity", Values.Ref(samples.Entity)),
        .. samples.Times.Select(each => KeyValuePair.Create("sampleInfo", new VimValue(null, "", [new("timestamp", Text(VimTime.Format(each))), new("interval", Text("20"))]))),
        .. samples.Series.Select(each => KeyValuePair.Create("value", Value(each))),
    ]);

    private static VimValue Value(PerfSeries series) => new("PerfMetricIntSeries", "",
    [
        new("id", new VimValue(null, "", [new("counterId", Number(series.Counter)), new("instance", Text(series.Instance))])),
        .. series.Values.Select(each => KeyValuePair.Create("value", Number(each))),
    ]);

    private static VimValue Number(long number) => Text(number.ToString(CultureInfo.InvariantCulture));

    private static VimValue Text(string text) => new(null, text, []);
}
