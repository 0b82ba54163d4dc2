using Microsoft.Extensions.Hosting;

namespace Observe.Agent;

/// <summary>Waiting for the host to have started.</summary>
internal static class HostStart
{
    /// <summary>Ends when every service has started and the server listens; at once if that is over.</summary>
    /// <param name="lifetime">The host's.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It was ended before.</exception>
    public static async Task StartedAsync(this IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult).ConfigureAwait(false);
        await started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
