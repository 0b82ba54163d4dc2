namespace Observe.Agent.Tests.Incidents;

/// <summary>When the script did something: between two readings of this host's clock, ns since the Unix epoch.</summary>
/// <param name="Before">It was not done before this.</param>
/// <param name="After">By this it was done.</param>
internal readonly record struct Stamp(long Before, long After)
{
    /// <summary>What the host's clock shows.</summary>
    public static long Now => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Does something.</summary>
    /// <param name="deed">What.</param>
    public static async Task<Stamp> OfAsync(Func<Task> deed)
    {
        var before = Now;
        await deed();
        return new Stamp(before, Now);
    }

    /// <summary>Does something that has a result.</summary>
    /// <param name="deed">What.</param>
    public static async Task<(Stamp When, T Result)> OfAsync<T>(Func<Task<T>> deed)
    {
        var before = Now;
        var result = await deed();
        return (new Stamp(before, Now), result);
    }
}
