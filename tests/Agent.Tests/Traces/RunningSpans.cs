using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Observe.Agent.Export.Otlp;
using Observe.Agent.Export.Traces;
using Observe.Collectors.Self;
using Observe.Collectors.Traces;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;
using Observe.Telemetry.Traces;

namespace Observe.Agent.Tests.Traces;

/// <summary>An exporter of spans that runs, with what it says.</summary>
internal sealed class RunningSpans : IAsyncDisposable
{
    public const long Origin = 1_800_000_000_000_000_000;

    private readonly SpanExporter exporter;
    private bool stopped;

    private RunningSpans(OtlpOptions options, int capacity, TimeProvider time)
    {
        Buffer = new SpanBuffer(capacity, Losses.Counter("trace_span_dropped"));
        Status = new SpanExporterStatus(options);
        var host = new Resource([new("service.name", "observe"), new("host.name", "here")], []);
        exporter = new SpanExporter(options, Buffer, Status, host, time, new Logger(Log), () => AtTheEnd?.Invoke(Buffer), CancellationToken.None) { Gather = time == TimeProvider.System ? TimeSpan.FromMilliseconds(20) : TimeSpan.FromSeconds(1) };
    }

    public LossCounters Losses { get; } = new();

    public SpanBuffer Buffer { get; }

    public SpanExporterStatus Status { get; }

    public ConcurrentQueue<string> Log { get; } = new();

    public Action<SpanBuffer>? AtTheEnd { get; set; }

    public long Dropped => Losses.Counter("trace_span_dropped").Value;

    public static OtlpOptions Options(Uri endpoint, bool grpc = false) => new()
    {
        Signal = OtlpSignal.Traces,
        Endpoint = endpoint,
        Protocol = grpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf,
        RetryInitialDelay = TimeSpan.FromMilliseconds(20),
        RetryMaxDelay = TimeSpan.FromMilliseconds(40),
    };

    public static async Task<RunningSpans> StartAsync(OtlpOptions options, int capacity = 1000, TimeProvider? time = null)
    {
        var running = new RunningSpans(options, capacity, time ?? TimeProvider.System);
        await running.exporter.StartAsync(default);
        return running;
    }

    /// <summary>A span with an id that can be told.</summary>
    public static ObservedSpan Span(int number, ActivitySpanId parent = default) => new(
        SpanCatalog.ContainerLife, ActivityTraceId.CreateFromString($"{7:x32}"), ActivitySpanId.CreateFromString($"{number + 1:x16}"), parent,
        UtcInterval.Around(Origin + (number * 1_000_000_000L), 1000), UtcInterval.Around(Origin + ((number + 1) * 1_000_000_000L), 1000), [new("container.id", $"c{number}")]);

    public void Offer(int count)
    {
        for (var i = 0; i < count; i++)
            Buffer.Offer(Span(i));
    }

    /// <summary>Waits for something to become true, and says what did not.</summary>
    public async Task Until(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30))
                throw new TimeoutException($"{what}: not within 30 s; {Status.Component.Detail}; log: {string.Join('\n', Log)}");
            await Task.Delay(5);
        }
    }

    public async Task<TimeSpan> StopAsync()
    {
        var start = Stopwatch.GetTimestamp();
        stopped = true;
        await exporter.StopAsync(default);
        return Stopwatch.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopped)
            await StopAsync();
        exporter.Dispose();
        Buffer.Dispose();
    }

    private sealed class Logger(ConcurrentQueue<string> lines) : ILogger<SpanExporter>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
