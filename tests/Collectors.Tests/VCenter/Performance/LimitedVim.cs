using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>A server that bears less than it says, or fails on some of its things.</summary>
/// <param name="inner">The server.</param>
/// <param name="most">Metrics in a request that it bears.</param>
/// <param name="fails">Things that it fails on; null: none.</param>
/// <param name="isFault">Whether it says so with a fault, or with nothing.</param>
internal sealed class LimitedVim(IVim inner, int most, Func<ManagedObject, bool>? fails = null, bool isFault = true) : ForwardingVim(inner)
{
    public override Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken)
    {
        if (queries.Sum(each => each.Counters.Count) > most)
            throw new VimFaultException("RestrictedByAdministrator", "too much");
        if (fails is not null && queries.Any(each => fails(each.Entity)))
            throw isFault ? new VimFaultException("SystemError", "a general system error occurred") : new VCenterException("HTTP 500 without a fault");
        return base.QueryPerfAsync(perfManager, queries, cancellationToken);
    }
}
