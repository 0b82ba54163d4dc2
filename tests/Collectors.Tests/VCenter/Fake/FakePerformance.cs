using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>
/// Samples, every 20 s for an hour, made from nothing but whose they are and when: <see cref="Truth"/> is what a test computes on
/// its own. Taken at whole intervals of the server's clock.
/// </summary>
internal sealed class FakePerformance
{
    private readonly FakeVCenter vcenter;
    private readonly Dictionary<int, FakeCounter> byId;
    private readonly List<(ManagedObject? Entity, DateTimeOffset From, DateTimeOffset To, bool IsOmitted)> gaps = [];

    public FakePerformance(FakeVCenter vcenter)
    {
        this.vcenter = vcenter;
        Counters = FakeCounters.Create(vcenter.Seed);
        byId = Counters.ToDictionary(each => each.Id);
        CountersValue = Values.Array("PerfCounterInfo", Counters.OrderBy(each => each.Id).Select(Value));
    }

    public IReadOnlyList<FakeCounter> Counters { get; }

    /// <summary>How long samples of 20 s are kept.</summary>
    public TimeSpan Kept { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long after its time a sample is there.</summary>
    public TimeSpan Lag { get; set; }

    /// <summary>Metrics in one request, at most: it is the option's value. Null: the option is not set, and it is 256. -1: no limit.</summary>
    public int? MaxQueryMetrics { get; set; } = 256;

    /// <summary>Whether samples come newest first, as some simulators have them.</summary>
    public bool IsNewestFirst { get; set; }

    /// <summary>Samples that were given out.</summary>
    public long Given { get; private set; }

    internal VimValue CountersValue { get; }

    /// <summary>Number of a counter.</summary>
    public int Id(string fullName) => Counters.Single(each => each.FullName == fullName).Id;

    /// <summary>What a counter's sample is, whoever asks, in the counter's own unit; never -1.</summary>
    /// <param name="entity">Whose.</param>
    /// <param name="fullName"><c>cpu.ready.summation</c>.</param>
    /// <param name="instance">Empty for the total.</param>
    /// <param name="time">The sample's time.</param>
    public static long Truth(ManagedObject entity, string fullName, string instance, DateTimeOffset time)
    {
        // FNV-1a: the same in every process, unlike string.GetHashCode.
        var hash = 14695981039346656037UL;
        foreach (var each in $"{entity}|{fullName}|{instance}|{time.ToUnixTimeSeconds()}")
            hash = (hash ^ each) * 1099511628211UL;
        return (long)((hash >> 20) % 10_000);
    }

    /// <summary>From one moment to another, both inclusive, on the server's clock, there are no values.</summary>
    /// <param name="entity">Of whom; null: of all.</param>
    /// <param name="from">From.</param>
    /// <param name="to">To.</param>
    /// <param name="isOmitted">Whether there are not even times; else -1 stands for each value.</param>
    public void Gap(ManagedObject? entity, DateTimeOffset from, DateTimeOffset to, bool isOmitted = false)
    {
        lock (vcenter.Gate)
            gaps.Add((entity, from, to, isOmitted));
    }

    /// <summary>Instances that an entity has of a counter, the total among them.</summary>
    public IReadOnlyList<string> Instances(ManagedObject entity, FakeCounter counter)
    {
        lock (vcenter.Gate)
        {
            return counter.Group switch
            {
                "cpu" when counter.Rollup == "summation" || counter.Name is "usage" or "utilization" or "coreUtilization" => ["", .. Enumerable.Range(0, Cpus(entity)).Select(each => $"{each}")],
                "net" => ["", "4000"],
                "virtualDisk" => ["scsi0:0"],
                "disk" => ["", "naa.600508b1001c7000"],
                "datastore" => ["", "5f3e7a10-0a0b0c0d"],
                _ => [""],
            };
        }
    }

    /// <summary>Samples of several entities.</summary>
    /// <exception cref="VimFaultException"><c>RestrictedByAdministrator</c>: too many metrics in one request.</exception>
    internal IReadOnlyList<PerfEntitySamples> Query(FakeSession session, IReadOnlyList<(PerfQuery Query, DateTimeOffset? End)> queries)
    {
        lock (vcenter.Gate)
        {
            if (queries.Count == 0)
                throw VimFault.InvalidArgument("querySpec");
            foreach (var (query, _) in queries)
            {
                vcenter.Find(session, query.Entity, "ManagedEntity");
                if (query.MaxSamples is < 1 || query.Counters.Any(each => !byId.ContainsKey(each.Counter)))
                    throw VimFault.InvalidArgument(query.MaxSamples is < 1 ? "querySpec.maxSample" : "querySpec.metricId");
                if (query.IntervalSeconds != 300 && !(query.IntervalSeconds == 20 && query.Entity.Type is "VirtualMachine" or "HostSystem"))
                    throw VimFault.InvalidArgument("querySpec.intervalId");
            }
            var metrics = queries.Sum(each => each.Query.Counters.Count);
            if ((MaxQueryMetrics ?? 256) is var most and >= 0 && metrics > most)
                throw VimFault.Of("RestrictedByAdministrator", "The operation is restricted by the administrator of vCenter Server.", ("details", Values.Text("config.vpxd.stats.maxQueryMetrics")));
            return [.. queries.Select(each => Samples(each.Query, each.End))];
        }
    }

    private PerfEntitySamples Samples(PerfQuery query, DateTimeOffset? end)
    {
        if (!IsSampled(query.Entity))
            return new PerfEntitySamples(query.Entity, [], []);
        var now = vcenter.Clock.Now;
        var until = Earlier(now - Lag, end);
        var after = Later(now - (query.IntervalSeconds == 20 ? Kept : TimeSpan.FromDays(1)), query.Begin);
        var interval = query.IntervalSeconds;
        var (first, last) = ((after.ToUnixTimeSeconds() / interval) + 1, until.ToUnixTimeSeconds() / interval);
        if (query.MaxSamples is { } newest)
            first = Math.Max(first, last - newest + 1);
        var times = new List<DateTimeOffset>();
        for (var each = first; each <= last; each++)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(each * interval);
            if (!IsGap(query.Entity, at, isOmitted: true))
                times.Add(at);
        }
        if (IsNewestFirst)
            times.Reverse();
        List<PerfSeries> series = times.Count == 0 ? [] : [.. query.Counters.SelectMany(each => Series(query.Entity, byId[each.Counter], each.Instance, times))];
        Given += (long)times.Count * series.Count;
        return new PerfEntitySamples(query.Entity, times, series);
    }

    private IEnumerable<PerfSeries> Series(ManagedObject entity, FakeCounter counter, string instance, List<DateTimeOffset> times)
    {
        var all = Instances(entity, counter);
        foreach (var each in instance == "*" ? all : all.Where(one => one == instance))
            yield return new PerfSeries(counter.Id, each, [.. times.Select(at => IsGap(entity, at, isOmitted: false) ? -1 : Truth(entity, counter.FullName, each, at))]);
    }

    private bool IsGap(ManagedObject entity, DateTimeOffset at, bool isOmitted)
    {
        foreach (var gap in gaps)
        {
            if (gap.IsOmitted == isOmitted && (gap.Entity is null || gap.Entity == entity) && at >= gap.From && at <= gap.To)
                return true;
        }
        return false;
    }

    // Nobody samples what is off, and a host that is not connected tells nothing of what is on it.
    private bool IsSampled(ManagedObject entity)
    {
        var inventory = vcenter.Inventory;
        if (entity.Type is not ("VirtualMachine" or "HostSystem"))
            return true;
        if (inventory.Get(entity, "runtime.connectionState")?.Text != "connected" || inventory.Get(entity, "runtime.powerState")?.Text != "poweredOn")
            return false;
        return entity.Type == "HostSystem" || inventory.Get(entity, "runtime.host")?.AsManagedObject is not { } host || inventory.Get(host, "runtime.connectionState")?.Text == "connected";
    }

    private int Cpus(ManagedObject entity) => (int)((entity.Type == "HostSystem" ? vcenter.Inventory.Get(entity, "summary.hardware.numCpuThreads") : vcenter.Inventory.Get(entity, "config.hardware.numCPU"))?.AsInt64 ?? 0);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other is { } it && it < one ? it : one;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other is { } it && it > one ? it : one;

    private static VimValue Value(FakeCounter counter) => Values.Of(
        "PerfCounterInfo",
        ("key", Values.Int(counter.Id)),
        ("nameInfo", Description(counter.Name)),
        ("groupInfo", Description(counter.Group)),
        ("unitInfo", Description(counter.Unit)),
        ("rollupType", Values.Text(counter.Rollup, "PerfSummaryType")),
        ("statsType", Values.Text(counter.Kind, "PerfStatsType")),
        ("level", Values.Int(counter.Level)),
        ("perDeviceLevel", Values.Int(counter.Level + 1)));

    private static VimValue Description(string key) => Values.Of("ElementDescription", ("label", Values.Text(key)), ("summary", Values.Text(key)), ("key", Values.Text(key)));
}
