namespace Observe.Kernel.Tests.Harness;

/// <summary>What a scrape says of stalls.</summary>
internal static class StallScrape
{
    /// <summary>Stalls of a kind, whatever became of them.</summary>
    public static double Stalls(this Scrape scrape, string kind) => scrape.Sum("observe_stalls_total", ("kind", kind));

    /// <summary>Stalls of a kind that this became of.</summary>
    public static double Stalls(this Scrape scrape, string kind, string outcome) => scrape.Value("observe_stalls_total", ("kind", kind), ("outcome", outcome));

    /// <summary>Stalls that the kernel says it told.</summary>
    public static double Told(this Scrape scrape) => scrape.Sum("observe_stalls_total", ("outcome", "told"));

    /// <summary>What the timeline has had of the kernel.</summary>
    public static double Taken(this Scrape scrape) =>
        scrape.Sum("observe_timeline_events_total", ("source", "kernel"), ("outcome", "accepted")) + scrape.Sum("observe_timeline_events_total", ("source", "kernel"), ("outcome", "dropped"));

    /// <summary>A cgroup's <c>workload_id</c>; empty if it is not shown.</summary>
    public static string IdOf(this Scrape scrape, TestCgroup group) => scrape.All("observe_workload_info", ("observe_cgroup_path", group.Path)).FirstOrDefault()?.Labels["workload_id"] ?? "";

    /// <summary>
    /// What the kernel says it told is what came into the timeline, to the last one. Stalls go on meanwhile, so one may be told
    /// between the two readings of a scrape: but one that is lost is missing in every scrape.
    /// </summary>
    public static async Task<Scrape> ScrapeAllTakenAsync(this AgentUnderTest agent)
    {
        for (var attempt = 1; ; attempt++)
        {
            var scrape = await agent.ScrapeAsync();
            if (scrape.Taken() == scrape.Told())
                return scrape;
            attempt.ShouldBeLessThan(20, $"{scrape.Told()} told, {scrape.Taken()} taken");
        }
    }
}
