using Observe.Collectors.Identity;

namespace Observe.Collectors.Tests.Kubernetes;

public sealed class KubernetesRandomTests
{
    private const int Changes = 5000;
    private static readonly string[] Labels = ["app.kubernetes.io/name", "team"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Follow_ThousandsOfChangesAndTroubles_KnowsExactlyWhatThereIs(int seed)
    {
        var authority = new TestAuthority();
        using var certificate = authority.Issue();
        var server = new ApiServer(new Cluster(), certificate) { PageSize = 7 };
        var changes = new RandomPods(server.Cluster, new Random(seed));
        for (var i = 0; i < 100; i++)
            changes.Next();
        await server.StartAsync();
        await using var following = await Following.StartAsync(server, authority, labels: Labels);
        var troubles = new RandomTroubles(following, new Random(seed));

        for (var i = 0; i < Changes; i++)
        {
            changes.Next();
            await troubles.MaybeAsync();
        }
        await server.SyncedAsync();

        var subjects = following.ShouldKnowExactly(changes.OnNode, changes.Mentioned, Labels);
        subjects.ShouldBeGreaterThan(50);
        var (lists, pages, watches) = (server.Requests.Count(each => each is { Verb: "list", IsNextPage: false }), server.Requests.Count(each => each.IsNextPage), server.Count("watch"));
        // A watch ends only if something ends it, and each refusal is asked again once: the last end is SyncedAsync's.
        watches.ShouldBeLessThanOrEqualTo(1 + troubles.Breaks + troubles.Refusals + troubles.Relists + 1);
        // Everything is listed at the start, and then only when the changes since are not to be had, or make no sense.
        lists.ShouldBeLessThanOrEqualTo(1 + troubles.Relists + troubles.Refusals);
        pages.ShouldBeLessThanOrEqualTo(lists * (changes.MostOnNode / RandomTroubles.SmallestPage));
        var (result, values) = await following.CollectCountedAsync();
        result.ShouldBe(CollectResult.Ok);
        values["observe_kubernetes_pods"].ShouldBe(changes.OnNode.Count());
        values.Where(each => each.Key.StartsWith("observe_kubernetes_requests_total", StringComparison.Ordinal)).Sum(each => each.Value).ShouldBe(server.Requests.Count);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"seed {seed}: {Changes} changes, {troubles.Breaks} watches ended, {troubles.Relists} of them with no way to resume, {troubles.Refusals} requests refused; "
            + $"{watches} watches, {lists} lists, {pages} further pages; {subjects} subjects at the end, {changes.Mentioned.Count} ever");
    }
}
