using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Export;
using Observe.Agent.Status;
using Observe.Collectors;

namespace Observe.Agent.Systemd;

/// <summary>
/// The life of the service as systemd sees it. Collects once when everything has started, so that the first scrape is warm and
/// "ready" means it; then reports status, and feeds the watchdog only while collecting goes on.
/// </summary>
/// <param name="notifier">The way to systemd.</param>
/// <param name="watchdog">How often it wants to hear from us; null if never.</param>
/// <param name="source">Where values come from.</param>
/// <param name="status">How the agent fares.</param>
/// <param name="lifetime">When the agent has started and when it stops.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where the milestones are logged.</param>
public sealed partial class SystemdService(
    SystemdNotifier notifier,
    TimeSpan? watchdog,
    IMetricSource source,
    AgentStatus status,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SystemdService> logger) : BackgroundService
{
    /// <summary>How often the status line is renewed where no watchdog sets the pace.</summary>
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    /// <summary>Nanoseconds in a microsecond, the unit of MONOTONIC_USEC.</summary>
    private const long NanosPerMicro = 1000;

    private string? lastStatus;

    /// <summary>Says that the configuration is being read again; <see cref="NotifyReloaded"/> must follow.</summary>
    public void NotifyReloading() => notifier.Notify(string.Create(
        CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / NanosPerMicro}"));

    /// <summary>Says that the configuration has been read.</summary>
    public void NotifyReloaded() => notifier.Notify("READY=1");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = lifetime.ApplicationStopping.Register(() => notifier.Notify("STOPPING=1\nSTATUS=stopping"));
        try
        {
            await lifetime.StartedAsync(stoppingToken).ConfigureAwait(false);
            await CollectOnceAsync(stoppingToken).ConfigureAwait(false);
            // Sent even if a part has failed: the rest works, and systemd would only kill it.
            lastStatus = StatusLine();
            notifier.Notify("READY=1\nSTATUS=" + lastStatus);
            Log.Ready(logger, Summary());
            if (notifier.IsEnabled)
                await KeepTellingAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task CollectOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var first = await source.CollectAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.FirstCollectionFailed(logger, error);
        }
    }

    private async Task KeepTellingAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(watchdog ?? StatusInterval, time);
        do
        {
            if (status.WhyUnhealthy is { } why)
                Log.WatchdogWithheld(logger, why);
            else if (watchdog is not null)
                notifier.Notify("WATCHDOG=1");
            var line = StatusLine();
            if (line != lastStatus && notifier.Notify("STATUS=" + line))
                lastStatus = line;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>Names what is wrong; why has been logged by each.</summary>
    private string Summary()
    {
        var report = status.Report();
        var wrong = string.Join(", ", report.Components.Where(IsWrong).Select(each => each.Component));
        return (report.Ready ? "ready" : "not ready") + (wrong.Length == 0 ? "" : $"; /readyz explains: {wrong}");
    }

    private static bool IsWrong(ComponentStatus component) => component.Level is StatusLevel.Degraded or StatusLevel.Failed;

    private string StatusLine()
    {
        var report = status.Report();
        var wrong = report.Components.Where(IsWrong).Select(each => $"{each.Component}: {each.Detail}").ToList();
        var head = report.Ready ? "ready" : "not ready";
        // One line, or systemd would read the rest as further assignments.
        return (wrong.Count == 0 ? head : $"{head}; {string.Join("; ", wrong)}").ReplaceLineEndings(" ");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "started: {Status}", EventName = "Started")]
        public static partial void Ready(ILogger logger, string status);

        [LoggerMessage(2, LogLevel.Error, "the first collection failed", EventName = "FirstCollectionFailed")]
        public static partial void FirstCollectionFailed(ILogger logger, Exception error);

        [LoggerMessage(3, LogLevel.Error, "watchdog not fed: {Reason}", EventName = "WatchdogWithheld")]
        public static partial void WatchdogWithheld(ILogger logger, string reason);
    }
}
