namespace Observe.Collectors.VCenter.Events;

/// <summary>Writes the checkpoint when something was delivered, not more often than it is worth, and once more at the end.</summary>
/// <param name="file">Where to.</param>
/// <param name="position">What was delivered of events.</param>
/// <param name="tasks">What was told of tasks.</param>
/// <param name="series">Where it is counted.</param>
/// <param name="every">Between two writings.</param>
/// <param name="time">The clock.</param>
internal sealed class CheckpointWriter(CheckpointFile file, EventPosition position, TaskBook tasks, EventSeries series, TimeSpan every, TimeProvider time)
{
    /// <summary>Writings left out after one that failed: a full disk is not helped by more.</summary>
    private const int Pause = 9;

    private readonly Lock gate = new();
    private (long Events, long Tasks) written = (-1, -1);
    private int toSkip;

    /// <summary>Writes until it is told to stop.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(every, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (toSkip-- <= 0)
                Write();
        }
    }

    /// <summary>Writes, if there is anything new.</summary>
    public void Write()
    {
        lock (gate)
            WriteNews();
    }

    private void WriteNews()
    {
        // Before what is written: what comes meanwhile is written the next time.
        var version = (position.Version, tasks.Version);
        if (version == written)
            return;
        var (readUpTo, marks) = tasks.ToCheckpoint();
        if (position.ToCheckpoint(readUpTo, marks) is not { } checkpoint)
            return;
        var isWritten = file.TryWrite(checkpoint);
        series.CountCheckpoint(isWritten ? UnixNano.Now(time) : null);
        toSkip = isWritten ? 0 : Pause;
        if (isWritten)
            written = version;
    }
}
