using Observe.Collectors.Identity;
using Observe.Collectors.Kubernetes;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.Running;
using Observe.Telemetry;
using Observe.Telemetry.Model;
using Observe.Tests;

namespace Observe.Collectors.Tests.Kubernetes;

/// <summary>A collector that follows an API server, its files, and the registry that it tells.</summary>
internal sealed class Following : IAsyncDisposable
{
    public const string Node = "node-1";
    private readonly string directory = Directory.CreateTempSubdirectory("observe-k8s-").FullName;

    private Following(ApiServer server, TestAuthority authority)
    {
        Server = server;
        Authority = authority;
        Registry = new WorkloadRegistry(time: Time);
    }

    public ApiServer Server { get; }

    public TestAuthority Authority { get; }

    /// <summary>The registry's clock.</summary>
    public ManualTime Time { get; } = new();

    public WorkloadRegistry Registry { get; }

    public LossCounters Losses { get; } = new();

    public RecordingLogger<KubernetesCollector> Log { get; } = new();

    public KubernetesCollector Collector { get; private set; } = null!;

    public ComponentStatus Row => Collector.Status.ShouldHaveSingleItem();

    public string TokenFile => Path.Combine(directory, "token");

    public string CaFile => Path.Combine(directory, "ca.crt");

    /// <summary>Short pauses; a watch is never taken for dead unless a test says so.</summary>
    public static WatchTimings Quick { get; } = new()
    {
        FirstPause = TimeSpan.FromMilliseconds(4),
        LongestPause = TimeSpan.FromMilliseconds(16),
        ForbiddenPause = TimeSpan.FromMilliseconds(20),
        LongestAsked = TimeSpan.FromMilliseconds(50),
        AnswerWithin = TimeSpan.FromSeconds(10),
    };

    public static async Task<Following> StartAsync(
        ApiServer server, TestAuthority authority, WatchTimings? timings = null, string token = "token-1", string[]? labels = null, TimeProvider? time = null, bool follow = true)
    {
        var following = new Following(server, authority);
        server.Tokens[token] = true;
        following.Rotate(token);
        await File.WriteAllTextAsync(following.CaFile, authority.Pem);
        var options = new KubernetesOptions
        {
            Enabled = KubernetesMode.On,
            Node = Node,
            ApiServer = server.Url,
            TokenFile = following.TokenFile,
            CaFile = following.CaFile,
            Labels = labels ?? [],
        };
        following.Collector = new KubernetesCollector(
            options, _ => null, following.Registry, new Resource([], []), following.Losses, time ?? TimeProvider.System, following.Log, timings ?? Quick);
        if (follow)
            await following.UntilAsync(() => following.Row.Level != StatusLevel.Degraded || following.Row.Detail.StartsWith("the cluster has no", StringComparison.Ordinal), "it follows");
        return following;
    }

    /// <summary>Replaces the token as the kubelet does: at once.</summary>
    public void Rotate(string token)
    {
        File.WriteAllText(TokenFile + ".new", token + "\n");
        File.Move(TokenFile + ".new", TokenFile, overwrite: true);
    }

    /// <summary>Waits for what happens inside the collector, and so gives no signal.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var i = 0; i < 4000; i++)
        {
            if (condition())
                return;
            await Task.Delay(5);
        }
        throw new TimeoutException($"waited in vain until {what}; the row: {Row}; the log:\n{string.Join('\n', Log.Lines)}");
    }

    public async Task<(CollectResult Result, Dictionary<string, double> Values)> CollectAsync()
    {
        var builder = new SnapshotBuilder(MetricCatalog.All, new SnapshotPool());
        var result = await Collector.CollectAsync(builder, TestContext.Current.CancellationToken);
        using var lease = builder.Build(1);
        var values = new Dictionary<string, double>();
        foreach (var family in lease.Snapshot.Families)
        {
            foreach (var point in family.Points)
                values[family.Metric.PrometheusName + string.Concat(point.Series.Labels.Select(each => $" {each.Value}"))] = point.Value;
        }
        return (result, values);
    }

    /// <summary>The client counts an answer a moment after the server has sent it.</summary>
    public async Task<(CollectResult Result, Dictionary<string, double> Values)> CollectCountedAsync()
    {
        var all = Server.Requests.Count;
        while (true)
        {
            var collected = await CollectAsync();
            if (collected.Values.Where(each => each.Key.StartsWith("observe_kubernetes_requests_total", StringComparison.Ordinal)).Sum(each => each.Value) >= all)
                return collected;
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>All that must be known of the node's pods is, and nothing of what is gone, once its afterlife is over.</summary>
    /// <param name="truth">The pods.</param>
    /// <param name="mentioned">Every subject that there ever was.</param>
    /// <param name="labels">Keys of the labels taken over.</param>
    public int ShouldKnowExactly(IEnumerable<TruePod> truth, IEnumerable<IdentitySubject> mentioned, string[] labels)
    {
        Time.Advance(TimeSpan.FromSeconds(61));
        // What is over is dropped when anybody speaks.
        Registry.AddSource(IdentityRank.Docker, _ => false).Forget(IdentitySubject.Container("nobody"));
        var expected = truth.SelectMany(each => each.Facts(labels)).ToDictionary(each => each.Subject);
        var key = 1UL;
        foreach (var subject in mentioned.Concat(expected.Keys).Distinct())
        {
            var known = subject.Kind == WorkloadKind.Container ? Registry.LabelsOfContainer(subject.Id) : Registry.Born(key++, $"/kubepods/pod{subject.Id}", 1).Labels;
            var told = known is null ? [] : new SortedDictionary<string, string>(
                known.Resource.Attributes.Where(each => IsTold(each.Key)).ToDictionary(each => each.Key, each => each.Value), StringComparer.Ordinal);
            if (expected.TryGetValue(subject, out var facts))
            {
                known.ShouldNotBeNull($"{subject} is not known");
                (known.Name, string.Join(' ', told)).ShouldBe((facts.Name, string.Join(' ', facts.Attributes)));
            }
            else
            {
                // The path of a pod's cgroup tells its uid.
                told.Keys.Where(each => each != "k8s.pod.uid").ShouldBeEmpty($"{subject} is gone");
            }
        }
        return expected.Count;
    }

    public async ValueTask DisposeAsync()
    {
        Collector.Dispose();
        await Server.DisposeAsync();
        Authority.Dispose();
        Directory.Delete(directory, recursive: true);
        Log.Lines.ShouldNotContain(line => Server.Tokens.Keys.Any(token => line.Contains(token, StringComparison.Ordinal)), "a token is in the log");
    }

    private static bool IsTold(string attribute) => attribute.StartsWith("k8s.", StringComparison.Ordinal) || attribute is "container.name" or "container.image.name";
}
