using Observe.Collectors.Identity;

namespace Observe.Collectors.Tests.Identity;

/// <summary>Properties that hold for any path, over paths put together from what real ones are made of, and damaged.</summary>
public sealed class CgroupPathParserFuzzTests
{
    private const int Paths = 100_000;

    private static readonly string[] Pieces =
    [
        "docker", "kubepods", "kubepods.slice", "burstable", "kubepods-burstable.slice", "kubepods-burstable-pod", "pod", "-pod", ".slice", ".scope", ".service", ".mount",
        "cri-containerd-", "crio-", "crio-conmon-", "libpod-", "libpod-conmon-", "libpod_parent", "machine-libpod_pod_", "machine.slice", "machine-", "qemu\\x2d1\\x2d", "lxc", "lxc.payload.",
        "user.slice", "user-1000.slice", "user@1000.service", "app.slice", "init.scope", "session-1.scope", "buildkit", "firecracker", ".libvirt-qemu", "qemu.slice", "kata_", "kata_overhead",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "6f1c2a3b_4d5e_6f70_8192_a3b4c5d6e7f8", "0a1b2c3d4e5f6g7h8i9j0k1lz", "1", "..", ".", ":", "\\x", "\\x2", "\\x2d", "\\xff", "_",
        "\ud800", "\udfff", "\u4f60", "\0", "\n", " ", "\u0130",
    ];

    [Fact]
    public void Parse_AnyPath_NeverThrowsAndIsWellFormedAndStable()
    {
        var random = new Random(20240229);
        for (var i = 0; i < Paths; i++)
        {
            var path = AnyPath(random);

            var identity = CgroupPathParser.Parse(path);

            identity.Name.Length.ShouldBeInRange(1, 128, path);
            identity.Id.Length.ShouldBeInRange(1, 64, path);
            foreach (var text in identity.Attributes.Select(attribute => attribute.Value).Append(identity.Name).Append(identity.Id))
            {
                text.ShouldNotBeNullOrEmpty(path);
                text.Any(char.IsControl).ShouldBeFalse(path);
                text.EnumerateRunes().Contains(new System.Text.Rune(0xFFFD)).ShouldBe(text.Contains('\uFFFD'), path);
            }
            (path.StartsWith(identity.Key, StringComparison.Ordinal) || identity.Key == "/").ShouldBeTrue(path);

            var again = CgroupPathParser.Parse(new string(path));
            (again.Kind, again.Name, again.Id, again.Key).ShouldBe((identity.Kind, identity.Name, identity.Id, identity.Key));
            again.Attributes.ShouldBe(identity.Attributes);

            // Whoever gives the identity gives it to itself: the key of a key is the key.
            var ofKey = CgroupPathParser.Parse(identity.Key);
            (ofKey.Kind, ofKey.Id, ofKey.Key).ShouldBe((identity.Kind, identity.Id, identity.Key), path);
        }
    }

    [Fact]
    public void Born_AnyPaths_NeverGivesTwoWorkloadsTheSameLabels()
    {
        var random = new Random(7);
        var registry = new WorkloadRegistry(capacity: 50_000);
        var labels = new Dictionary<string, Workload>();
        for (ulong key = 1; key <= 20_000; key++)
        {
            var workload = registry.Born(key, AnyPath(random), 1);
            var set = string.Join('\u0001', workload.Resource.Labels.Select(label => $"{label.Name}\u0002{label.Value}"));
            labels.TryAdd(set, workload);
            labels[set].ShouldBeSameAs(workload);
        }
        labels.Count.ShouldBeGreaterThan(5_000);
        labels.Count.ShouldBe(registry.Count);
    }

    private static string AnyPath(Random random)
    {
        var text = new System.Text.StringBuilder();
        for (var components = random.Next(7); components > 0; components--)
        {
            text.Append('/');
            for (var pieces = random.Next(1, 4); pieces > 0; pieces--)
                text.Append(Pieces[random.Next(Pieces.Length)]);
        }
        var path = text.ToString();
        return path.Length > 0 && random.Next(4) == 0 ? path.Remove(random.Next(path.Length), 1) : path;
    }
}
