namespace Observe.Telemetry.Otlp;

/// <summary>
/// Protobuf tags (field number shifted by three, plus wire type) of opentelemetry-proto's
/// <c>collector/metrics/v1</c>, <c>metrics/v1</c>, <c>resource/v1</c> and <c>common/v1</c>.
/// </summary>
internal static class OtlpFields
{
    public const byte RequestResourceMetrics = 1 << 3 | Len;

    public const byte ResourceMetricsResource = 1 << 3 | Len;
    public const byte ResourceMetricsScopeMetrics = 2 << 3 | Len;
    public const byte ResourceAttributes = 1 << 3 | Len;

    public const byte ScopeMetricsScope = 1 << 3 | Len;
    public const byte ScopeMetricsMetrics = 2 << 3 | Len;
    public const byte ScopeName = 1 << 3 | Len;
    public const byte ScopeVersion = 2 << 3 | Len;

    public const byte MetricName = 1 << 3 | Len;
    public const byte MetricDescription = 2 << 3 | Len;
    public const byte MetricUnit = 3 << 3 | Len;
    public const byte MetricGauge = 5 << 3 | Len;
    public const byte MetricSum = 7 << 3 | Len;
    public const byte MetricExponentialHistogram = 10 << 3 | Len;

    /// <summary>The same in Gauge, Sum and ExponentialHistogram.</summary>
    public const byte DataPoints = 1 << 3 | Len;

    /// <summary>The same in Sum and ExponentialHistogram.</summary>
    public const byte AggregationTemporality = 2 << 3 | Varint;
    public const byte SumIsMonotonic = 3 << 3 | Varint;

    /// <summary><c>AGGREGATION_TEMPORALITY_CUMULATIVE</c>.</summary>
    public const ulong Cumulative = 2;

    /// <summary>The same in both kinds of data point.</summary>
    public const byte PointStartTime = 2 << 3 | Fixed64;
    public const byte PointTime = 3 << 3 | Fixed64;
    public const byte NumberAsDouble = 4 << 3 | Fixed64;
    public const byte NumberAttributes = 7 << 3 | Len;

    public const byte HistogramAttributes = 1 << 3 | Len;
    public const byte HistogramCount = 4 << 3 | Fixed64;
    public const byte HistogramSum = 5 << 3 | Fixed64;
    public const byte HistogramScale = 6 << 3 | Varint;
    public const byte HistogramZeroCount = 7 << 3 | Fixed64;
    public const byte HistogramPositive = 8 << 3 | Len;
    public const byte HistogramExemplars = 11 << 3 | Len;
    public const byte HistogramZeroThreshold = 14 << 3 | Fixed64;
    public const byte BucketsOffset = 1 << 3 | Varint;
    public const byte BucketsCounts = 2 << 3 | Len;

    public const byte ExemplarTime = 2 << 3 | Fixed64;
    public const byte ExemplarAsDouble = 3 << 3 | Fixed64;
    public const byte ExemplarSpanId = 4 << 3 | Len;
    public const byte ExemplarTraceId = 5 << 3 | Len;

    public const byte KeyValueKey = 1 << 3 | Len;
    public const byte KeyValueValue = 2 << 3 | Len;
    public const byte AnyValueString = 1 << 3 | Len;

    private const byte Varint = 0;
    private const byte Fixed64 = 1;
    private const byte Len = 2;
}
