using System.Text;
using Microsoft.Extensions.Logging;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Logging;

/// <summary>
/// Writes each event as one line. Synchronous on purpose: lines are few, because the same one passes once a minute, and a
/// queue would lose the last words before a crash.
/// </summary>
public sealed class LineLoggerProvider : ILoggerProvider
{
    /// <summary>Category under which the host reports what this agent reports itself, in one line and with a remedy.</summary>
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>The host's "Hosting failed to start", a stack trace for what is usually a busy port.</summary>
    private const int HostFailedToStart = 11;

    private readonly Lock gate = new();
    private readonly TextWriter output;
    private readonly ILineFormat format;
    private readonly bool journal;
    private readonly LogThrottle throttle;
    private readonly LogLevelSwitch levels;
    private readonly TimeProvider time;
    private readonly StringBuilder text = new();

    /// <summary>Prepares the pipeline.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="format">Their form.</param>
    /// <param name="journal">True if the journal reads them: each begins with its severity then, which the journal takes off.</param>
    /// <param name="throttle">What keeps lines from repeating.</param>
    /// <param name="levels">What is logged.</param>
    /// <param name="time">The clock.</param>
    public LineLoggerProvider(TextWriter output, LogFormat format, bool journal, LogThrottle throttle, LogLevelSwitch levels, TimeProvider time)
    {
        this.output = output;
        this.format = format == LogFormat.Json ? new JsonLineFormat() : new TextLineFormat();
        this.journal = journal;
        this.throttle = throttle;
        this.levels = levels;
        this.time = time;
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private bool IsEnabled(string category, LogLevel level)
    {
        // The framework's own chatter starts at warnings, whatever the agent's level.
        var least = category.StartsWith("Microsoft.", StringComparison.Ordinal) && levels.Level < LogLevel.Warning ? LogLevel.Warning : levels.Level;
        return level >= least && level != LogLevel.None;
    }

    private void Write(LogLine line)
    {
        if (line is { Category: HostCategory, Event.Id: HostFailedToStart })
            return;
        if (!throttle.Admit(line.Category, line.Event.Id, line.Message, out var repeated))
            return;
        lock (gate)
        {
            text.Clear();
            if (journal)
                text.Append('<').Append(Priority(line.Level)).Append('>');
            format.Format(line with { Repeated = repeated }, text);
            text.Append('\n');
            output.Write(text);
            output.Flush();
        }
    }

    // syslog(3)
    private static int Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => 7,
        LogLevel.Information => 6,
        LogLevel.Warning => 4,
        LogLevel.Error => 3,
        _ => 2,
    };

    private sealed class LineLogger(LineLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => provider.IsEnabled(category, logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var values = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
            provider.Write(new LogLine(provider.time.GetUtcNow(), logLevel, category, eventId, formatter(state, exception), values, 0, exception));
        }
    }
}
