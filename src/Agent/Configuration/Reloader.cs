using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Configuration.Keys;
using Observe.Agent.Logging;
using Observe.Agent.Systemd;

namespace Observe.Agent.Configuration;

/// <summary>
/// Reads the configuration again on SIGHUP. A bad one changes nothing; of a good one the log level takes effect at once, and
/// what else changed is named, because it takes a restart.
/// </summary>
/// <param name="sources">Where the configuration comes from.</param>
/// <param name="initial">The configuration in effect.</param>
/// <param name="levels">What a new log level turns.</param>
/// <param name="systemd">Who is told.</param>
/// <param name="logger">Where the outcome is logged.</param>
public sealed partial class Reloader(
    ConfigurationSources sources, ConfigurationResult initial, LogLevelSwitch levels, SystemdService systemd, ILogger<Reloader> logger) : IHostedService, IDisposable
{
    /// <summary>What the keys of OTLP's headers begin with.</summary>
    private const string HeadersKeys = "otlp.headers";

    private PosixSignalRegistration? registration;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // or the default action would end the process
            Reload();
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => registration?.Dispose();

    /// <summary>Reads the configuration again.</summary>
    public void Reload()
    {
        systemd.NotifyReloading();
        var next = ConfigurationLoader.Load(sources);
        if (next.Errors.Count > 0)
        {
            Log.Rejected(logger, next.Errors.Count);
            foreach (var error in next.Errors)
                Log.Error(logger, error.ToString());
        }
        else
        {
            levels.Level = next.Options.Log.Level;
            var later = ConfigurationSchema.Keys
                .Where(key => key.Path != "log.level" && !key.Format(next.Options).SequenceEqual(key.Format(initial.Options)))
                .Select(key => key.Path)
                .ToList();
            // What a file has in it may change without its name.
            if (!next.Otlp.Headers.SequenceEqual(initial.Otlp.Headers) && !later.Exists(key => key.StartsWith(HeadersKeys, StringComparison.Ordinal)))
                later.Add("otlp.headersFile");
            Log.Reloaded(logger, next.Options.Log.Level, later.Count == 0 ? "nothing" : string.Join(", ", later));
        }
        systemd.NotifyReloaded();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "the configuration has {Count} errors; the old one stays in effect", EventName = "ReloadRejected")]
        public static partial void Rejected(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Error, "{Error}", EventName = "ConfigurationError")]
        public static partial void Error(ILogger logger, string error);

        [LoggerMessage(3, LogLevel.Information, "configuration read again: log level {Level}; takes effect after a restart: {Later}", EventName = "Reloaded")]
        public static partial void Reloaded(ILogger logger, LogLevel level, string later);
    }
}
