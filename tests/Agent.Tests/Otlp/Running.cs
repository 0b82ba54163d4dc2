using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Observe.Agent.Export.Otlp;
using Observe.Telemetry.Model;

namespace Observe.Agent.Tests.Otlp;

/// <summary>An exporter that runs, with what it says.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly OtlpExporter exporter;
    private bool stopped;

    private Running(OtlpOptions options, CountingSource? source, SampleQueue? queue)
    {
        Source = source ?? new CountingSource();
        exporter = new OtlpExporter(options, Source, Status, TimeProvider.System, new Logger(Log), queue);
    }

    public CountingSource Source { get; }

    public OtlpExporterStatus Status { get; } = new();

    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Options with times fit for tests; one export unless told otherwise.</summary>
    public static OtlpOptions Options(Uri endpoint, bool grpc = false) => new()
    {
        Endpoint = endpoint,
        Protocol = grpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf,
        Interval = TimeSpan.FromMinutes(10),
        FirstExportWithin = TimeSpan.Zero,
        RetryInitialDelay = TimeSpan.FromMilliseconds(20),
        RetryMaxDelay = TimeSpan.FromMilliseconds(40),
    };

    public static async Task<Running> StartAsync(OtlpOptions options, CountingSource? source = null, SampleQueue? queue = null)
    {
        var running = new Running(options, source, queue);
        await running.exporter.StartAsync(default);
        return running;
    }

    /// <summary>Waits for something to become true, 10 s at most, and says what did not.</summary>
    public async Task Until(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(10))
                throw new TimeoutException($"{what}: not within 10 s; failures: {string.Join(", ", Status.Failures)}; log: {string.Join('\n', Log)}");
            await Task.Delay(5);
        }
    }

    /// <summary>Stops as the host does and returns how long that took.</summary>
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
    }

    private sealed class Logger(ConcurrentQueue<string> lines) : ILogger<OtlpExporter>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
