using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>A server that is another build one day, with other numbers for the same counters.</summary>
internal sealed class SwitchingVim(FakeVim inner, FakeVCenter vcenter) : ForwardingVim(inner)
{
    private int by;

    /// <summary>It is restarted, as another build.</summary>
    public void Upgrade()
    {
        by = 1000;
        vcenter.About = vcenter.About with { Build = "23000000" };
        vcenter.Restart();
    }

    public override async Task<IReadOnlyList<PerfCounter>> RetrievePerfCountersAsync(ManagedObject propertyCollector, ManagedObject perfManager, CancellationToken cancellationToken) =>
        [.. (await base.RetrievePerfCountersAsync(propertyCollector, perfManager, cancellationToken)).Select(each => each with { Id = each.Id + by })];

    public override async Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken)
    {
        var asked = queries.Select(each => each with { Counters = [.. each.Counters.Select(counter => (counter.Counter - by, counter.Instance))] }).ToList();
        var answers = await base.QueryPerfAsync(perfManager, asked, cancellationToken);
        return [.. answers.Select(each => each with { Series = [.. each.Series.Select(series => series with { Counter = series.Counter + by })] })];
    }
}
