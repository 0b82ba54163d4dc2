using Observe.Collectors.Identity;
using Observe.Tests;

namespace Observe.Collectors.Tests.Identity;

public sealed class IdentitySourceTests
{
    private const string A = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Pod = "6f1c2a3b-4d5e-6f70-8192-a3b4c5d6e7f8";
    private const string Path = $"/kubepods.slice/kubepods-pod6f1c2a3b_4d5e_6f70_8192_a3b4c5d6e7f8.slice/docker-{A}.scope";
    private static readonly IdentitySubject Container = IdentitySubject.Container(A);
    private static readonly IdentityFacts ByDocker = new("k8s_web_1", [new("container.name", "k8s_web_1"), new("container.image.name", "nginx:1")]);
    private static readonly IdentityFacts ByKubernetes = new("shop-1/web", [new("container.name", "web"), new("k8s.container.name", "web")]);
    private static readonly IdentityFacts OfPod = new("shop-1", [new("k8s.pod.name", "shop-1"), new("k8s.namespace.name", "shop"), new("k8s.pod.label.a/b-c", "1")]);

    private readonly ManualTime time = new();

    [Fact]
    public void Tell_AnyOrderOfBirthAndFacts_EndsInOneLabelSet()
    {
        var labelSets = new HashSet<string>();
        foreach (var order in Orders(4))
        {
            var registry = new WorkloadRegistry(time: time);
            var docker = registry.AddSource(IdentityRank.Docker, _ => true);
            var kubernetes = registry.AddSource(IdentityRank.Kubernetes, _ => true);
            Action[] steps =
            [
                () => registry.Born(1UL, Path, 1),
                () => docker.Tell(Container, ByDocker),
                () => kubernetes.Tell(Container, ByKubernetes),
                () => kubernetes.Tell(IdentitySubject.Pod(Pod), OfPod),
            ];
            foreach (var step in order)
                steps[step]();

            registry.TryGet(1UL, out var workload).ShouldBeTrue();
            workload.IsSettled.ShouldBeTrue();
            labelSets.Add(string.Join(' ', workload.Resource.Labels.Concat(workload.InfoLabels)) + string.Join(' ', workload.Resource.Attributes));
            registry.LabelsOfContainer(A).ShouldBeSameAs(workload.Labels);
        }

        labelSets.Count.ShouldBe(1);
        var labels = labelSets.Single();
        labels.ShouldContain("Name = workload, Value = shop-1/web ");
        labels.ShouldContain("Name = k8s_pod_name, Value = shop-1 ");
        labels.ShouldContain("Name = container_name, Value = web ");
        labels.ShouldContain("Name = container_image_name, Value = nginx:1 ");
        labels.ShouldContain("Name = k8s_pod_label_a_b_c, Value = 1 ");
    }

    [Fact]
    public void IsSettled_ASourceIsExpected_WaitsForItAndNoLonger()
    {
        var registry = new WorkloadRegistry(time: time);
        var docker = registry.AddSource(IdentityRank.Docker, identity => identity.Kind == WorkloadKind.Container);

        registry.Born(1UL, "/a.service", 1).IsSettled.ShouldBeTrue();
        var workload = registry.Born(2UL, $"/docker/{A}", 1);
        workload.IsSettled.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(9));
        workload.IsSettled.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        workload.IsSettled.ShouldBeTrue();

        var told = registry.Born(3UL, "/docker/" + new string('b', 64), 1);
        docker.Tell(IdentitySubject.Container(new string('b', 64)), ByDocker);
        told.IsSettled.ShouldBeTrue();
        told.Name.ShouldBe("k8s_web_1");
    }

    [Fact]
    public void Tell_AfterTheLabelsWereDecided_ChangesTheInfoOnly()
    {
        var registry = new WorkloadRegistry(time: time);
        var docker = registry.AddSource(IdentityRank.Docker, _ => true);
        var workload = registry.Born(1UL, $"/docker/{A}", 1);
        var before = workload.Resource;
        var info = workload.InfoLabels;

        docker.Tell(Container, ByDocker);

        workload.Resource.ShouldBeSameAs(before);
        workload.Name.ShouldBe("0123456789ab");
        workload.InfoLabels.ShouldNotBeSameAs(info);
        workload.InfoLabels.Single(label => label.Name == "container_name").Value.ShouldBe("k8s_web_1");
    }

    [Fact]
    public void Forget_TheCgroupStillLives_KeepsTheName()
    {
        var registry = new WorkloadRegistry(time: time);
        var docker = registry.AddSource(IdentityRank.Docker, _ => true);
        docker.Tell(Container, ByDocker);
        var workload = registry.Born(1UL, $"/docker/{A}", 1);

        docker.Forget(Container);
        time.Advance(TimeSpan.FromHours(1));
        docker.Forget(IdentitySubject.Container("else"));

        workload.Resource.Labels[0].Value.ShouldBe("k8s_web_1");
        registry.Retire(1UL);
        registry.LabelsOfContainer(A).ShouldBeNull();
    }

    [Fact]
    public void Born_TheContainerIsGoneAlready_StillHasItsName()
    {
        var registry = new WorkloadRegistry(time: time);
        var docker = registry.AddSource(IdentityRank.Docker, _ => true);
        docker.Tell(Container, ByDocker);
        docker.Forget(Container);
        time.Advance(TimeSpan.FromSeconds(30));

        registry.Born(1UL, $"/docker/{A}", 1).Name.ShouldBe("k8s_web_1");
        registry.Retire(1UL);
        docker.Tell(Container, ByDocker);
        docker.Forget(Container);
        time.Advance(TimeSpan.FromSeconds(61));
        docker.Tell(IdentitySubject.Container("else"), ByDocker);

        registry.LabelsOfContainer(A).ShouldBeNull();
    }

    [Fact]
    public void Born_ContainerRestarted_IsAnotherWorkloadWithTheSameResource()
    {
        var registry = new WorkloadRegistry(time: time);
        var docker = registry.AddSource(IdentityRank.Docker, _ => true);
        docker.Tell(Container, ByDocker);
        var before = registry.LabelsOfContainer(A)!;
        var first = registry.Born(1UL, $"/docker/{A}", 1);
        var resource = first.Resource;
        registry.Retire(1UL);

        var second = registry.Born(2UL, $"/docker/{A}", 2);

        second.ShouldNotBeSameAs(first);
        second.Resource.ShouldBeSameAs(resource);
        second.Labels.ShouldBeSameAs(before);
        second.Id.ShouldBe("0123456789ab");
        before.InfoLabels.ShouldContain(label => label.Name == "observe_cgroup_path");
    }

    [Fact]
    public void Born_PodRestartedWhileKubernetesKnowsIt_KeepsItsId()
    {
        var registry = new WorkloadRegistry(time: time);
        var kubernetes = registry.AddSource(IdentityRank.Kubernetes, _ => true);
        kubernetes.Tell(IdentitySubject.Pod(Pod), OfPod);
        var first = registry.Born(1UL, $"/kubepods/pod{Pod}", 1);
        registry.Retire(1UL);

        var second = registry.Born(2UL, $"/kubepods/pod{Pod}", 2);

        (second.Id, second.Name).ShouldBe((first.Id, "shop-1"));
    }

    [Fact]
    public void Tell_MoreSubjectsThanThereIsRoomFor_AreCountedAndForgottenOnesMakeRoom()
    {
        var registry = new WorkloadRegistry(capacity: 2, time: time);
        var docker = registry.AddSource(IdentityRank.Docker, _ => true);
        for (var i = 0; i < 8; i++)
            docker.Tell(IdentitySubject.Container($"{i}"), ByDocker);
        registry.Folded.ShouldBe(0);

        docker.Tell(IdentitySubject.Container("8"), ByDocker);
        registry.Folded.ShouldBe(1);
        registry.LabelsOfContainer("8").ShouldBeNull();

        docker.Forget(IdentitySubject.Container("0"));
        docker.Tell(IdentitySubject.Container("8"), ByDocker);
        registry.LabelsOfContainer("8").ShouldNotBeNull();
        registry.Folded.ShouldBe(1);
    }

    [Fact]
    public void LabelsOfContainer_SameShortId_HaveIdsOfTheirOwn()
    {
        var registry = new WorkloadRegistry(time: time);
        var docker = registry.AddSource(IdentityRank.Docker, _ => true);
        var other = A[..12] + new string('0', 52);
        docker.Tell(Container, ByDocker);
        docker.Tell(IdentitySubject.Container(other), ByDocker);

        var first = registry.LabelsOfContainer(A)!;
        var second = registry.Born(1UL, $"/docker/{other}", 1);

        second.Id.ShouldNotBe(first.Id);
        registry.LabelsOfContainer(other)!.Id.ShouldBe(second.Id);
    }

    private static IEnumerable<int[]> Orders(int count) => count == 0
        ? [[]]
        : Orders(count - 1).SelectMany(shorter => Enumerable.Range(0, count).Select(at => (int[])[.. shorter[..at], count - 1, .. shorter[at..]]));
}
