using Observe.Telemetry.Model;
using static Observe.Telemetry.Otlp.OtlpFields;
using static Observe.Telemetry.Otlp.ProtobufBuffer;

namespace Observe.Telemetry.Otlp;

/// <summary>
/// Turns snapshots into OTLP metrics requests: one ResourceMetrics per resource, one scope, cumulative sums, gauges and exponential
/// histograms. Host-scope info metrics become a gauge of 1; workload-scope ones are left out, because the Resource says it.
/// After the first snapshot it allocates nothing for series it knows. Not thread-safe: one encoder an exporter.
/// </summary>
public sealed class OtlpMetricsEncoder
{
    // Tag and padded length of ResourceMetrics and of ScopeMetrics.
    private const int ResourceOverhead = 2 * (1 + PaddedLength);

    // Tag and padded length of Metric and of its data, then temporality and monotonicity.
    private const int MetricOverhead = (2 * (1 + PaddedLength)) + 4;

    private readonly OtlpEncoderOptions options;
    private readonly ResourceEncoder resources;
    private readonly SnapshotByResource points;
    private readonly SamplesBySource samples = new();
    private readonly Dictionary<MetricDescriptor, byte[]> headers = [];
    private readonly byte[] scope;

    /// <summary>Creates an encoder.</summary>
    /// <param name="options">What it adds and how it splits.</param>
    public OtlpMetricsEncoder(OtlpEncoderOptions options)
        : this(options, new ResourceEncoder(options))
    {
    }

    private OtlpMetricsEncoder(OtlpEncoderOptions options, ResourceEncoder resources)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.resources = resources;
        points = new SnapshotByResource(resources);
        scope = EncodeScope(options.ScopeVersion);
    }

    /// <summary>Another encoder with the same options, for another thread: resources that one has encoded, the other has too.</summary>
    public OtlpMetricsEncoder Beside() => new(options, resources);

    /// <summary>Encodes a snapshot, split at data points so that no request exceeds <see cref="OtlpEncoderOptions.MaxRequestBytes"/>.</summary>
    /// <param name="snapshot">The snapshot; not needed any more afterwards.</param>
    /// <param name="payload">Where the requests go; what it held is discarded.</param>
    public void Encode(MetricSnapshot snapshot, OtlpPayload payload)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(payload);
        payload.Clear();
        points.Sort(snapshot);
        var open = new OpenMessages(payload);
        foreach (ref readonly var place in points.Sorted)
        {
            var family = snapshot.Families[place.Family];
            ref readonly var point = ref family.Points[place.Point];
            Write(payload, ref open, place.Group, points.EncodedResource(place.Group), place.Family, family.Metric, new DataPoint(snapshot, family.Metric, point));
        }
        if (open.Points > 0)
            EndRequest(payload, ref open);
    }

    /// <summary>Encodes samples with times of their own, split as a snapshot is; those of one series follow each other in their order.</summary>
    /// <param name="chunk">The samples; not needed any more afterwards.</param>
    /// <param name="payload">Where the requests go; what it held is discarded.</param>
    public void Encode(SampleChunk chunk, OtlpPayload payload)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(payload);
        payload.Clear();
        samples.Sort(chunk);
        var open = new OpenMessages(payload);
        for (var group = 0; group < samples.Count; group++)
        {
            var series = samples.SeriesOf(group);
            var metric = 0;
            for (var i = 0; i < series.Length; i++)
            {
                // Series of one metric that follow each other are one metric of the request.
                if (series[i].Metric != series[metric].Metric)
                    metric = i;
                foreach (var entry in samples.EntriesOf(group))
                {
                    var value = chunk.ValuesOf(entry)[i];
                    if (!double.IsNaN(value))
                        Write(payload, ref open, group, resources.Encode(series[i].Resource), metric, series[i].Metric, new DataPoint(series[i], value, entry.TimeUnixNano));
                }
            }
            open.EndResource();
        }
        samples.Clear();
        if (open.Points > 0)
            EndRequest(payload, ref open);
    }

    private void Write(OtlpPayload payload, ref OpenMessages open, int resourceKey, byte[] resource, int metricKey, MetricDescriptor metric, in DataPoint data)
    {
        var header = HeaderOf(metric);
        var cost = data.Size
            + (open.Metric == metricKey && open.Resource == resourceKey ? 0 : header.Length + MetricOverhead)
            + (open.Resource == resourceKey ? 0 : resource.Length + scope.Length + ResourceOverhead);
        if (open.Points > 0 && payload.Buffer.Length + cost > options.MaxRequestBytes)
            EndRequest(payload, ref open);
        if (open.Resource != resourceKey)
            open.BeginResource(resourceKey, resource, scope);
        if (open.Metric != metricKey)
            open.BeginMetric(metricKey, metric.Kind, header);
        data.Write(payload.Buffer);
        open.Points++;
    }

    private static void EndRequest(OtlpPayload payload, ref OpenMessages open)
    {
        open.EndResource();
        payload.EndRequest(open.Points);
        open.Points = 0;
    }

    private byte[] HeaderOf(MetricDescriptor metric)
    {
        if (!headers.TryGetValue(metric, out var header))
            headers.Add(metric, header = EncodeHeader(metric));
        return header;
    }

    private static byte[] EncodeHeader(MetricDescriptor metric)
    {
        var buffer = new ProtobufBuffer();
        buffer.StringField(MetricName, metric.OtelName);
        buffer.StringField(MetricDescription, metric.Help);
        buffer.StringField(MetricUnit, metric.Unit);
        return ToArray(buffer);
    }

    private static byte[] EncodeScope(string version)
    {
        var buffer = new ProtobufBuffer();
        var message = buffer.Begin(ScopeMetricsScope);
        buffer.StringField(ScopeName, OtlpEncoderOptions.ScopeName);
        if (version.Length > 0)
            buffer.StringField(ScopeVersion, version);
        buffer.End(message);
        return ToArray(buffer);
    }

    private static byte[] ToArray(ProtobufBuffer buffer)
    {
        var bytes = buffer.Slice(0, buffer.Length).ToArray();
        buffer.Clear();
        return bytes;
    }

    /// <summary>The messages that are begun and not ended, and what they are about.</summary>
    private struct OpenMessages(OtlpPayload payload)
    {
        private const int None = -1;
        private int resourceAt;
        private int scopeAt;
        private int metricAt;
        private int dataAt;

        public int Resource { get; private set; } = None;

        public int Metric { get; private set; } = None;

        public int Points { get; set; }

        public void BeginResource(int resource, byte[] encoded, byte[] scope)
        {
            EndResource();
            var buffer = payload.Buffer;
            resourceAt = buffer.Begin(RequestResourceMetrics);
            buffer.Bytes(encoded);
            scopeAt = buffer.Begin(ResourceMetricsScopeMetrics);
            buffer.Bytes(scope);
            Resource = resource;
        }

        public void BeginMetric(int metric, MetricKind kind, byte[] header)
        {
            EndMetric();
            var buffer = payload.Buffer;
            metricAt = buffer.Begin(ScopeMetricsMetrics);
            buffer.Bytes(header);
            dataAt = buffer.Begin(kind switch
            {
                MetricKind.Counter => MetricSum,
                MetricKind.Histogram => MetricExponentialHistogram,
                _ => MetricGauge,
            });
            if (kind is MetricKind.Counter or MetricKind.Histogram)
                buffer.VarintField(AggregationTemporality, Cumulative);
            if (kind is MetricKind.Counter)
                buffer.VarintField(SumIsMonotonic, 1);
            Metric = metric;
        }

        public void EndResource()
        {
            EndMetric();
            if (Resource == None)
                return;
            payload.Buffer.End(scopeAt);
            payload.Buffer.End(resourceAt);
            Resource = None;
        }

        private void EndMetric()
        {
            if (Metric == None)
                return;
            payload.Buffer.End(dataAt);
            payload.Buffer.End(metricAt);
            Metric = None;
        }
    }
}
