using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Export;
using Observe.Collectors;
using Observe.Collectors.Self;

namespace Observe.Agent.Privileges;

/// <summary>Gives up what the agent may do but does not need any more, once everything is attached.</summary>
/// <param name="privileges">What is given up.</param>
/// <param name="collectors">Some of which have programs to attach.</param>
/// <param name="source">Where a collection comes from: what is attached late is attached in one.</param>
/// <param name="lifetime">When the agent has started.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where the outcome goes.</param>
public sealed partial class PrivilegeDrop(
    AgentPrivileges privileges, IEnumerable<ICollector> collectors, IMetricSource source, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<PrivilegeDrop> logger)
    : BackgroundService
{
    /// <summary>Until it is looked again whether everything is attached, or tried again what did not work.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!privileges.AreToBeGivenUp)
            return;
        try
        {
            await lifetime.StartedAsync(stoppingToken).ConfigureAwait(false);
            while (!await TryAsync(stoppingToken).ConfigureAwait(false))
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var collection = await source.CollectAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.NoCollection(logger, error.Message);
            return false;
        }
        var waiting = collectors.Where(each => each is IAttachesPrograms { IsWaitingToAttach: true }).Select(each => each.Name).ToList();
        privileges.WaitFor(waiting);
        if (waiting.Count > 0)
            return false;
        if (privileges.GiveUp() is { } failure)
        {
            Log.NotGivenUp(logger, failure);
            return false;
        }
        Log.GivenUp(logger, privileges.Status.Detail);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(170, LogLevel.Information, "privileges {Held}", EventName = "PrivilegesGivenUp")]
        public static partial void GivenUp(ILogger logger, string held);

        [LoggerMessage(171, LogLevel.Error, "privileges not given up: {Reason} (tried again every 10 s)", EventName = "PrivilegesNotGivenUp")]
        public static partial void NotGivenUp(ILogger logger, string reason);

        [LoggerMessage(172, LogLevel.Warning, "privileges not given up yet, for want of a collection: {Reason}", EventName = "PrivilegesNoCollection")]
        public static partial void NoCollection(ILogger logger, string reason);
    }
}
