namespace Observe.Collectors.VCenter.Performance;

/// <summary>
/// How many metrics a request may have: what the server allows, halved where that was too much for it, and grown again slowly, but for
/// a while not to what failed. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class BatchSize(TimeProvider time)
{
    /// <summary>Where the server sets no limit. Half of a megabyte of an answer.</summary>
    private const int Unlimited = 10_000;

    /// <summary>Full requests answered before it grows by an eighth.</summary>
    private const int Patience = 20;

    /// <summary>How long what failed is not tried again.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly Lock gate = new();
    private int limit = 256;
    private int ceiling = int.MaxValue;
    private long ceilingSince;
    private int current = 256;
    private int answered;

    /// <summary>Metrics in a request, at most.</summary>
    public int Metrics
    {
        get
        {
            lock (gate)
                return current;
        }
    }

    /// <summary>What the server allows.</summary>
    /// <param name="metrics">Its setting; 0 or less for no limit.</param>
    public void Allow(int metrics)
    {
        lock (gate)
        {
            var allowed = metrics <= 0 ? Unlimited : Math.Min(metrics, Unlimited);
            if (allowed == limit)
                return;
            limit = allowed;
            current = Math.Min(limit, ceiling);
            answered = 0;
        }
    }

    /// <summary>A request was answered.</summary>
    /// <param name="metrics">Metrics in it.</param>
    public void Succeeded(int metrics)
    {
        lock (gate)
        {
            // Small ones say nothing of large ones.
            if (metrics < current - (current / 4) || ++answered < Patience)
                return;
            answered = 0;
            if (current >= ceiling && time.GetElapsedTime(ceilingSince) >= Memory)
            {
                ceiling = current + Math.Max(1, current / 4);
                ceilingSince = time.GetTimestamp();
            }
            current = Math.Min(Math.Min(limit, ceiling), current + Math.Max(1, current / 8));
        }
    }

    /// <summary>A request was too much.</summary>
    /// <param name="metrics">Metrics in it.</param>
    /// <returns>Metrics in a request, at most, before.</returns>
    public int Failed(int metrics)
    {
        lock (gate)
        {
            var before = current;
            ceiling = Math.Max(1, Math.Min(ceiling, metrics - 1));
            ceilingSince = time.GetTimestamp();
            current = Math.Max(1, Math.Min(current, metrics / 2));
            answered = 0;
            return before;
        }
    }

    /// <summary>It was one of the things that the server failed on, and not the size.</summary>
    /// <param name="before">What it was before.</param>
    public void Restore(int before)
    {
        lock (gate)
        {
            ceiling = Math.Max(ceiling, before);
            current = Math.Min(limit, Math.Max(current, before));
            answered = 0;
        }
    }
}
