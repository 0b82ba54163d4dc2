using Microsoft.Extensions.Logging;

namespace Observe.Agent.Export.Otlp;

/// <summary>Says that the export fails, and that it works again; each at most once a minute, however often it happens.</summary>
internal sealed partial class ExportLog(ILogger logger, TimeProvider time, string target)
{
    private readonly Lock gate = new();
    private readonly OncePerMinute failed = new(time);
    private readonly OncePerMinute delivered = new(time);
    private readonly OncePerMinute warned = new(time);
    private bool news = true;

    public void Failed(string reason, string detail)
    {
        bool say;
        long silent;
        lock (gate)
        {
            news = true;
            say = failed.Passes(out silent);
        }
        if (say)
            Log.Failed(logger, target, reason, detail, silent);
    }

    /// <param name="warning">What the receiver had to say though it took everything; empty if nothing.</param>
    public void Delivered(string warning)
    {
        bool say, warn;
        lock (gate)
        {
            say = news && delivered.Passes(out _);
            warn = warning.Length > 0 && warned.Passes(out _);
            news &= !say;
        }
        if (say)
            Log.Delivered(logger, target);
        if (warn)
            Log.Warned(logger, target, warning);
    }

    /// <param name="points">Points with times of their own that the agent takes with it.</param>
    public void SamplesLeft(long points) => Log.SamplesLeft(logger, target, points);

    /// <param name="spans">Spans that the agent takes with it.</param>
    public void SpansLeft(long spans) => Log.SpansLeft(logger, target, spans);

    private sealed class OncePerMinute(TimeProvider time)
    {
        private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);
        private long? last;
        private long suppressed;

        public bool Passes(out long silent)
        {
            silent = suppressed;
            if (last is { } then && time.GetElapsedTime(then) < Silence)
            {
                suppressed++;
                return false;
            }
            last = time.GetTimestamp();
            suppressed = 0;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "OTLP export ({Target}) failed: {Reason}: {Detail} ({Silent} more failures since this was last logged)")]
        public static partial void Failed(ILogger logger, string target, string reason, string detail, long silent);

        [LoggerMessage(2, LogLevel.Information, "OTLP export ({Target}) delivers")]
        public static partial void Delivered(ILogger logger, string target);

        [LoggerMessage(3, LogLevel.Warning, "OTLP export ({Target}): the receiver took everything, with a warning: {Warning}")]
        public static partial void Warned(ILogger logger, string target, string warning);

        [LoggerMessage(5, LogLevel.Warning, "OTLP export ({Target}): the agent stops before the receiver has taken {Spans} spans; they are lost to it")]
        public static partial void SpansLeft(ILogger logger, string target, long spans);

        [LoggerMessage(4, LogLevel.Warning, "OTLP export ({Target}): the agent stops before the receiver has taken {Points} data points of samples; they are lost to it")]
        public static partial void SamplesLeft(ILogger logger, string target, long points);
    }
}
