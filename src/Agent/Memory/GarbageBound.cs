using Microsoft.Extensions.Hosting;

namespace Observe.Agent.Memory;

/// <summary>
/// Keeps what is no longer needed small. The runtime lets its youngest generation grow as large as the CPU's cache before it
/// looks: 32 MiB or more that a process as quiet as this one fills in half an hour and keeps resident. Its own setting for
/// that is an environment variable only. So the young generations are emptied whenever there is something in them; and when
/// much was made at once, as at the start, what the growing left behind goes back to the system as soon as it is calm, or after
/// a minute if it never is.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class GarbageBound(TimeProvider time) : IHostedService, IDisposable
{
    /// <summary>How much may be allocated, bytes, before the young generations are emptied.</summary>
    public const long MostYoung = 4 * 1024 * 1024;

    /// <summary>How much allocated in an interval, bytes, is growth and not the usual.</summary>
    public const long Growth = 8 * 1024 * 1024;

    /// <summary>Intervals of growth after which what it left behind is given back although it goes on.</summary>
    public const int MostGrowing = 6;

    private const int YoungGenerations = 1;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private ITimer? timer;
    private long looked;
    private long emptied;
    private int grown;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();

    /// <summary>Collects what is due. Called at every interval.</summary>
    public void Look()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var growing = allocated - looked >= Growth;
        looked = allocated;
        var isCalm = grown > 0 && !growing;
        grown = growing ? grown + 1 : 0;
        if (isCalm || grown == MostGrowing)
        {
            grown = 0;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            emptied = allocated;
        }
        else if (allocated - emptied >= MostYoung)
        {
            GC.Collect(YoungGenerations, GCCollectionMode.Forced, blocking: true);
            emptied = allocated;
        }
    }
}
