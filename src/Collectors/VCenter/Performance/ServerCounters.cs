using System.Globalization;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>The numbers that one server, of one build, gave the counters that are asked for: found by name, and never assumed.</summary>
internal sealed class ServerCounters
{
    private const string MaxQueryMetrics = "config.vpxd.stats.maxQueryMetrics";

    /// <summary>Where the setting is not set.</summary>
    private const int DefaultMaxQueryMetrics = 256;

    private readonly AboutInfo about;
    private readonly Dictionary<EntityKind, KindCounters> kinds;

    private ServerCounters(AboutInfo about, Dictionary<EntityKind, KindCounters> kinds, int maxMetrics)
    {
        this.about = about;
        this.kinds = kinds;
        MaxMetrics = maxMetrics;
    }

    /// <summary>Metrics in one request that the server allows; 0 or less for no limit.</summary>
    public int MaxMetrics { get; }

    /// <summary>Counters that the server does not have.</summary>
    public IReadOnlyList<string> Missing => [.. kinds.Values.SelectMany(each => each.Missing.Select(name => $"{each.Kind.Type}: {name}"))];

    /// <summary>Asks the server.</summary>
    /// <param name="session">The session with it.</param>
    /// <param name="kinds">What is to be asked of.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Task<ServerCounters> LoadAsync(IVCenterSession session, IReadOnlyList<EntityKind> kinds, CancellationToken cancellationToken) => session.AskAsync(async (vim, content, token) =>
    {
        var counters = await vim.RetrievePerfCountersAsync(content.PropertyCollector, PerfManager(content), token).ConfigureAwait(false);
        var option = content.Setting is { } setting ? await OptionAsync(vim, setting, token).ConfigureAwait(false) : null;
        // Later ones of a name, if there are any, are not asked for.
        var byName = counters.DistinctBy(each => each.Name).ToDictionary(each => each.Name, StringComparer.Ordinal);
        return new ServerCounters(
            content.About, kinds.ToDictionary(each => each, each => new KindCounters(each, byName)),
            int.TryParse(option, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var most) ? most : DefaultMaxQueryMetrics);
    }, null, cancellationToken);

    private static async Task<string?> OptionAsync(IVim vim, ManagedObject setting, CancellationToken cancellationToken)
    {
        try
        {
            return await vim.QueryOptionAsync(setting, MaxQueryMetrics, cancellationToken).ConfigureAwait(false);
        }
        catch (VimFaultException fault) when (fault.Fault != "NotAuthenticated")
        {
            // Not for this account to know, or on an ESXi host: then as if it were not set.
            return null;
        }
    }

    /// <summary>Where samples are asked for.</summary>
    /// <param name="content">Of the server.</param>
    /// <exception cref="VCenterException">It has no such place.</exception>
    public static ManagedObject PerfManager(ServiceContent content) => content.PerfManager
        ?? throw new VCenterException("the server has no performance manager", "give the account the role Read-only at the top of the inventory");

    /// <summary>A kind's counters.</summary>
    /// <param name="kind">The kind.</param>
    public KindCounters Of(EntityKind kind) => kinds[kind];

    /// <summary>Whether they are those of a server.</summary>
    /// <param name="server">What that says of itself.</param>
    public bool AreOf(AboutInfo? server) => server is not null && (about.InstanceUuid, about.Version, about.Build, about.ApiType) == (server.InstanceUuid, server.Version, server.Build, server.ApiType);

    /// <summary>Whether they are of the same server, whatever its build: its things are the same.</summary>
    /// <param name="other">The others.</param>
    public bool AreOfSameServer(ServerCounters other) => about.InstanceUuid == other.about.InstanceUuid && about.ApiType == other.about.ApiType;
}
