using System.Diagnostics;
using Observe.Telemetry.Model;

namespace Observe.Telemetry.Tests.Model;

/// <summary>The newest of each octave, whoever offers when.</summary>
public class ExemplarSlotsTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Now = 1_700_000_000 * Second;

    [Fact]
    public void CopyTo_OneOfEachOctave_HoldsThemAllByValue()
    {
        var slots = new ExemplarSlots();
        // Every bucket of the classic formats: up to 2^-20 s, 24 octaves, and beyond 2^4 s; offered in no order.
        var values = Enumerable.Range(-20, 26).Select(octave => Math.Pow(2, octave)).OrderBy(value => value.GetHashCode()).ToArray();
        foreach (var value in values)
            slots.Offer(Of(value, Now)).ShouldBeTrue();

        Held(slots).Select(each => each.Value).ShouldBe(values.Order());
        ExemplarSlots.Capacity.ShouldBe(values.Length);
    }

    [Fact]
    public void Offer_SameOctave_TheNewestStays()
    {
        var slots = new ExemplarSlots();
        slots.Offer(Of(0.03, Now)).ShouldBeTrue();
        slots.Offer(Of(0.02, Now + 1)).ShouldBeTrue();
        slots.Offer(Of(0.025, Now)).ShouldBeFalse("Prometheus takes those of a series in the order of time only");
        slots.Offer(Of(0.05, Now - 1)).ShouldBeTrue("another octave");

        Held(slots).ShouldBe([Of(0.02, Now + 1), Of(0.05, Now - 1)]);
    }

    [Fact]
    public void Offer_ClockWasSetBack_GivesWayToTheOlder()
    {
        var slots = new ExemplarSlots();
        slots.Offer(Of(0.03, Now));
        slots.Offer(Of(0.02, Now - ExemplarSlots.MaxAgeNano)).ShouldBeFalse();
        slots.Offer(Of(0.02, Now - ExemplarSlots.MaxAgeNano - 1)).ShouldBeTrue();
        Held(slots).ShouldHaveSingleItem().Value.ShouldBe(0.02);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.015625)]
    [InlineData(16.0)]
    public void Offer_AtASeam_BoundBelongsBelow(double bound)
    {
        var slots = new ExemplarSlots();
        slots.Offer(Of(bound, Now));
        slots.Offer(Of(Math.BitIncrement(bound), Now));
        Held(slots).Count.ShouldBe(2, "on two sides of the bound");
        slots.Offer(Of(Math.BitDecrement(bound), Now));
        Held(slots).Select(each => each.Value).ShouldBe([Math.BitDecrement(bound), Math.BitIncrement(bound)]);
    }

    [Fact]
    public void Offer_AtEitherEnd_OneBucketForAll()
    {
        var slots = new ExemplarSlots();
        foreach (var value in new[] { 0, double.Epsilon, 1e-12, Math.Pow(2, -24), Math.Pow(2, -20), 16.5, 1e9, double.MaxValue })
            slots.Offer(Of(value, Now)).ShouldBeTrue();
        Held(slots).Select(each => each.Value).ShouldBe([Math.Pow(2, -20), double.MaxValue]);
    }

    [Theory]
    [InlineData(double.NaN, 1UL, 1UL)]
    [InlineData(double.PositiveInfinity, 1UL, 1UL)]
    [InlineData(-1e-9, 1UL, 1UL)]
    [InlineData(1.0, 0UL, 1UL)]
    [InlineData(1.0, 1UL, 0UL)]
    public void Offer_WhatNoBackendCanUse_IsRefused(double value, ulong trace, ulong span)
    {
        var slots = new ExemplarSlots();
        Should.Throw<ArgumentException>(() => slots.Offer(new Exemplar(value, Now, trace, span)));
        Held(slots).ShouldBeEmpty();
    }

    [Fact]
    public void Offer_OctaveThatHasOne_AllocatesNothing()
    {
        var slots = new ExemplarSlots();
        slots.Offer(Of(0.02, Now));
        slots.Offer(Of(0.3, Now));
        Allocated.ShouldBeNothing(() =>
        {
            for (var i = 1UL; i <= 1000; i++)
            {
                slots.Offer(Of(0.02, Now + i));
                slots.Offer(Of(0.3, Now + i));
            }
        });
    }

    [Fact]
    public async Task CopyTo_WhileOthersOffer_EachIsWhole()
    {
        var slots = new ExemplarSlots();
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Factory.StartNew(
            () =>
            {
                for (var i = (ulong)writer; !done.IsCancellationRequested; i += 3)
                    slots.Offer(Consistent(i));
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var to = new Exemplar[ExemplarSlots.Capacity];
        var seen = new HashSet<ulong>();
        var clock = Stopwatch.StartNew();
        try
        {
            // On a busy machine the writers may begin late: until they have been seen to write.
            for (var i = 0; i < 100_000 || seen.Count <= 100; i++)
            {
                if (clock.Elapsed > TimeSpan.FromMinutes(1))
                    Assert.Fail($"the writers wrote only {seen.Count} meanwhile");
                var count = slots.CopyTo(to);
                for (var k = 0; k < count; k++)
                {
                    if (to[k] != Consistent(to[k].SpanId - 1))
                        Assert.Fail($"parts of different exemplars: {to[k]}");
                    seen.Add(to[k].SpanId);
                }
            }
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(writers);
        }
    }

    private static Exemplar Consistent(ulong i) => new((i % 1000) / 100.0, Now + i, new UInt128(i + 1, ~i), i + 1);

    private static Exemplar Of(double value, ulong time) => new(value, time, new UInt128(7, 9), 11);

    private static List<Exemplar> Held(ExemplarSlots slots)
    {
        var to = new Exemplar[ExemplarSlots.Capacity];
        return [.. to.AsSpan(0, slots.CopyTo(to))];
    }
}
