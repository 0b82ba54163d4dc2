namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>How long requests take: before the server acts (and reads its clock), and after. In true time of the test.</summary>
/// <param name="time">True time.</param>
/// <param name="seed">Of chance.</param>
internal sealed class FakeLatency(TimeProvider time, int seed)
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private Func<string, Random, (TimeSpan Before, TimeSpan After)>? of;

    /// <summary>From now on; null: none.</summary>
    /// <param name="latency">Of a method, with chance.</param>
    public void Set(Func<string, Random, (TimeSpan Before, TimeSpan After)>? latency)
    {
        lock (gate)
            of = latency;
    }

    /// <summary>So much before and after, each more or less by up to the jitter.</summary>
    public void Set(TimeSpan before, TimeSpan after, TimeSpan jitter) =>
        Set((_, random) => (Spread(before, jitter, random), Spread(after, jitter, random)));

    internal (TimeSpan Before, TimeSpan After) Draw(string method)
    {
        lock (gate)
            return of?.Invoke(method, random) ?? default;
    }

    internal Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        pause > TimeSpan.Zero ? Task.Delay(pause, time, cancellationToken) : Task.CompletedTask;

    private static TimeSpan Spread(TimeSpan of, TimeSpan jitter, Random random)
    {
        var spread = of + (jitter * ((2 * random.NextDouble()) - 1));
        return spread > TimeSpan.Zero ? spread : TimeSpan.Zero;
    }
}
