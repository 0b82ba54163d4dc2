using System.Diagnostics;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>Waits for what another process brings about.</summary>
internal static class Until
{
    /// <summary>Waits until something is so.</summary>
    /// <param name="what">What, for who reads that it did not become so.</param>
    /// <param name="isSo">Whether it is.</param>
    /// <param name="patience">How long; null: 20 s.</param>
    public static async Task SoAsync(string what, Func<Task<bool>> isSo, TimeSpan? patience = null)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo();)
        {
            clock.Elapsed.ShouldBeLessThan(patience ?? TimeSpan.FromSeconds(20), what);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
