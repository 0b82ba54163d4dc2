using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Observe.Agent.Export.Otlp;
using Observe.Collectors.Traces;
using Resource = Observe.Telemetry.Model.Resource;

namespace Observe.Agent.Export.Traces;

/// <summary>
/// OpenTelemetry's SDK and its OTLP exporter, which encode spans and send them. One request at a time, when it is told to: what waits, and what is
/// tried again, is our own business, because the SDK lets go of a batch that was not taken at once.
/// </summary>
internal sealed class SdkExporter : IDisposable
{
    private const string Scope = "observe";

    private readonly OutcomeHandler handler;
    private readonly ActivitySource source = new(Scope, AgentVersion.Number);
    private readonly OtlpTraceExporter exporter;
    private readonly TracerProvider provider;
    private readonly SpanActivities activities;

    /// <summary>Prepares it; connects with the first request.</summary>
    /// <param name="options">Where to, and how.</param>
    /// <param name="host">The Resource of all spans.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ending">Ends all requests.</param>
    public SdkExporter(OtlpOptions options, Resource host, TimeProvider time, CancellationToken ending)
    {
        handler = new OutcomeHandler(options, time, ending);
        exporter = new OtlpTraceExporter(ToSdk(options, handler));
        // The provider gives the exporter its Resource, and makes that the source's activities are made at all.
        provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(AttributesOf(options, host)))
            .SetSampler(new AlwaysOnSampler())
            .AddSource(Scope)
            .AddProcessor(new Attachment(exporter))
            .Build();
        activities = new SpanActivities(source);
    }

    /// <summary>Bytes of the last request, as it was sent.</summary>
    public long SentBytes => handler.Bytes;

    /// <summary>Sends spans, and waits for the answer.</summary>
    /// <param name="spans">Some.</param>
    public OtlpOutcome Send(IReadOnlyList<ObservedSpan> spans)
    {
        var batch = new Activity[spans.Count];
        for (var i = 0; i < batch.Length; i++)
            batch[i] = activities.Of(spans[i]);
        handler.Last = null;
        var result = exporter.Export(new Batch<Activity>(batch, batch.Length));
        return handler.Last ?? new OtlpOutcome(OtlpVerdict.Drop, "unexpected", $"the SDK made no request of {batch.Length} spans ({result}); report this as a bug");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        provider.Dispose();
        source.Dispose();
        handler.Dispose();
    }

    private static OtlpExporterOptions ToSdk(OtlpOptions options, OutcomeHandler handler) => new()
    {
        // All that it would read from the environment itself has been read, with what the configuration says besides.
        Protocol = options.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        Endpoint = options.Target!,
        Headers = "",
        TimeoutMilliseconds = options.Timeout == Timeout.InfiniteTimeSpan ? int.MaxValue : (int)options.Timeout.TotalMilliseconds,
        HttpClientFactory = () => NewClient(options, handler),
    };

    private static HttpClient NewClient(OtlpOptions options, OutcomeHandler handler)
    {
        var client = new HttpClient(handler, disposeHandler: false) { Timeout = options.Timeout };
        foreach (var (name, value) in options.Headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    private static IEnumerable<KeyValuePair<string, object>> AttributesOf(OtlpOptions options, Resource host)
    {
        var names = host.Attributes.Select(each => each.Key).ToHashSet(StringComparer.Ordinal);
        return host.Attributes
            .Select(each => each.Key == "service.name" && options.ServiceName is { } name ? new(each.Key, name) : each)
            .Concat(options.ResourceAttributes.Where(each => names.Add(each.Key)))
            .Select(each => new KeyValuePair<string, object>(each.Key, each.Value));
    }

    /// <summary>Ties an exporter to its provider; what is exported, and when, is told it otherwise.</summary>
    private sealed class Attachment(OtlpTraceExporter exporter) : BaseExportProcessor<Activity>(exporter)
    {
        protected override void OnExport(Activity data)
        {
        }
    }
}
