using Observe.Agent.Export;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Agent.Tests.Export;

public sealed class SharedCollectionTests : IAsyncDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);
    private readonly ManualTime time = new();
    private readonly SnapshotBuilder builder = new(MetricCatalog.All, new SnapshotPool());
    private readonly SharedCollection shared;
    private TaskCompletionSource gate = Open();
    private int collections;

    public SharedCollectionTests() => shared = new SharedCollection(CollectAsync, MaxAge, time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await shared.DisposeAsync();

    [Fact]
    public async Task CollectAsync_ManyAtOnce_CollectsOnce()
    {
        gate = new TaskCompletionSource();
        var callers = Enumerable.Range(0, 50).Select(_ => shared.CollectAsync(Token).AsTask()).ToList();
        shared.RunningFor.ShouldNotBeNull();
        gate.SetResult();

        var leases = await Task.WhenAll(callers);

        collections.ShouldBe(1);
        leases.Select(each => each.Snapshot).Distinct().ShouldHaveSingleItem();
        foreach (var lease in leases)
            lease.Dispose();
        shared.RunningFor.ShouldBeNull();
        shared.Collections.ShouldBe(1);
    }

    [Fact]
    public async Task CollectAsync_WithinMaxAge_SharesTheLast()
    {
        using var first = await shared.CollectAsync(Token);
        time.Advance(MaxAge - TimeSpan.FromTicks(1));
        using var second = await shared.CollectAsync(Token);

        collections.ShouldBe(1);
        second.Snapshot.ShouldBeSameAs(first.Snapshot);
    }

    [Fact]
    public async Task CollectAsync_AtMaxAge_CollectsAgainAndLeavesReadersTheirOwn()
    {
        using var first = await shared.CollectAsync(Token);
        var stamp = first.Snapshot.TimeUnixNano;
        time.Advance(MaxAge);
        using var second = await shared.CollectAsync(Token);

        collections.ShouldBe(2);
        second.Snapshot.ShouldNotBeSameAs(first.Snapshot);
        first.Snapshot.TimeUnixNano.ShouldBe(stamp);
        second.Snapshot.TimeUnixNano.ShouldBe(2ul);
    }

    [Fact]
    public async Task CollectAsync_OneCallerGivesUp_TheOthersStillGetIt()
    {
        gate = new TaskCompletionSource();
        using var impatience = new CancellationTokenSource();
        var patient = shared.CollectAsync(Token).AsTask();
        var impatient = shared.CollectAsync(impatience.Token).AsTask();

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        gate.SetResult();

        using var lease = await patient;
        collections.ShouldBe(1);
    }

    [Fact]
    public async Task CollectAsync_CollectionFails_AllWaitersAreToldAndTheNextTriesAgain()
    {
        gate = new TaskCompletionSource();
        var callers = new[] { shared.CollectAsync(Token).AsTask(), shared.CollectAsync(Token).AsTask() };
        gate.SetException(new InvalidOperationException("broken"));
        foreach (var caller in callers)
            (await Should.ThrowAsync<InvalidOperationException>(caller)).Message.ShouldBe("broken");

        gate = Open();
        using var lease = await shared.CollectAsync(Token);

        collections.ShouldBe(2);
        shared.Collections.ShouldBe(1);
    }

    [Fact]
    public async Task RunningFor_CollectionUnderWay_IsItsAge()
    {
        gate = new TaskCompletionSource();
        var caller = shared.CollectAsync(Token).AsTask();
        time.Advance(TimeSpan.FromSeconds(7));

        shared.RunningFor.ShouldBe(TimeSpan.FromSeconds(7));

        gate.SetResult();
        (await caller).Dispose();
    }

    [Fact]
    public async Task CollectAsync_AfterDispose_Throws()
    {
        (await shared.CollectAsync(Token)).Dispose();
        await shared.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => shared.CollectAsync(Token).AsTask());
    }

    [Fact]
    public async Task CollectAsync_ManyThreadsForAWhile_NeverHandsOutAReturnedSnapshot()
    {
        var quick = new SharedCollection(CollectAsync, TimeSpan.Zero, TimeProvider.System);
        await using (quick)
        {
            await Parallel.ForAsync(0, 8, Token, async (_, token) =>
            {
                for (var i = 0; i < 500; i++)
                {
                    using var lease = await quick.CollectAsync(token);
                    var stamp = lease.Snapshot.TimeUnixNano;
                    await Task.Yield();
                    // A snapshot returned to its pool too early would be built again under our eyes.
                    lease.Snapshot.TimeUnixNano.ShouldBe(stamp);
                }
            });
        }
        collections.ShouldBeInRange(500, 4000);
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task<MetricSnapshot.Lease> CollectAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref collections);
        await gate.Task;
        return builder.Build((ulong)number);
    }
}
