using System.Reflection;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Clock;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Tests.VCenter.Clock;

/// <summary>A host whose clocks are true, a vCenter whose clock is not, and a slow way between them.</summary>
internal sealed class SlowServer : IVCenterSession
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long UnixEpoch = 1_760_000_000 * Second;

    private static readonly Resource Host = new([], []);

    private readonly bool canBeSet;
    private readonly double drift;
    private readonly IVim vim;
    private readonly UnifiedClock utc = new();
    private long monotonic = 100 * Second;
    private long skew;
    private long delays;

    public SlowServer(int seed, bool canBeSet = true)
    {
        Random = new Random(seed);
        this.canBeSet = canBeSet && seed % 4 == 0;
        skew = (seed % 2 == 0 ? 1 : -1) * Random.NextInt64(3 * Second);
        drift = ((2 * Random.NextDouble()) - 1) * 200e-6;
        Resolution = TimeSpan.FromTicks(new[] { 1L, 10, 10_000, 10_000_000 }[seed % 16 == 5 ? 3 : Random.Next(3)]);
        vim = DispatchProxy.Create<IVim, TimeOnly>();
        ((TimeOnly)vim).Server = this;
        utc.Take(new ClockReading(monotonic, Utc, monotonic), 0);
        Clock = new VCenterClock("test", this, () => delays, utc, Host, 0, TimeProvider.System, () => monotonic);
    }

    public Random Random { get; }

    public VCenterClock Clock { get; }

    public TimeSpan Resolution { get; }

    /// <summary>Times that its clock was set.</summary>
    public int Steps { get; private set; }

    public int Delayed { get; set; }

    public int Asked { get; set; }

    public DateTimeOffset? Absurd { get; set; }

    public long Utc => UnixEpoch + monotonic;

    public long ServerNanoseconds => Utc + skew + (long)(drift * monotonic);

    public ServiceContent? Content => null;

    public long Generation => 1;

    public void Advance(long by) => monotonic += by;

    public void Set(long by)
    {
        Steps++;
        skew += by;
    }

    public DateTimeOffset Shown()
    {
        var ticks = ServerNanoseconds / 100;
        return DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(ticks - (ticks % Resolution.Ticks));
    }

    public Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken) => ask(vim, null!, cancellationToken);

    public Task<DateTimeOffset> CurrentTimeAsync()
    {
        Asked++;
        // As the agent does it each second: its own clock is as true as may be.
        utc.Take(new ClockReading(monotonic, Utc, monotonic), 0);
        if (Delayed > 0)
        {
            Delayed--;
            delays++;
            Advance(5 * Second);
        }
        // Set while it is away, where that leaves no room for doubt.
        if (canBeSet && Random.Next(20) == 0)
            Set((Random.Next(2) == 0 ? 1 : -1) * 10 * Second);
        Advance(Random.NextInt64(20 * Millisecond, 180 * Millisecond));
        var shown = Absurd ?? Shown();
        Advance(Random.NextInt64(20 * Millisecond, 180 * Millisecond));
        return Task.FromResult(shown);
    }
}
