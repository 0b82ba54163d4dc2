using Observe.Agent.Tests.EndToEnd;
using Observe.Collectors.Guest;
using Observe.Collectors.Tests.VCenter;
using Observe.Kernel.Tests.Harness;

namespace Observe.Agent.Tests.Incidents;

/// <summary>
/// What an incident is played on: a container engine, a vCenter with a virtual machine that has this host's SMBIOS UUID, so that the agent is inside of
/// it. All of it is gone afterwards.
/// </summary>
internal sealed class IncidentStage : IAsyncDisposable
{
    /// <summary>What the configuration calls the vCenter.</summary>
    public const string VCenterName = "main";

    /// <summary>The virtual machine that this host is.</summary>
    public const string MachineName = "DC0_C0_RP0_VM0";

    private readonly string directory = Directory.CreateTempSubdirectory("observe-incident-").FullName;

    private IncidentStage()
    {
    }

    /// <summary>Why there can be none here, or null.</summary>
    public static string? Missing { get; } = DockerBed.Missing
        ?? (File.Exists(Bed.Artifact("vcsim/vcsim")) ? null : $"needs {Bed.Artifact("vcsim/vcsim")}: make test builds it, where golang-go and golang-github-vmware-govmomi-dev can be had");

    /// <summary>The container engine.</summary>
    public DockerBed Docker { get; } = new();

    /// <summary>The vCenter.</summary>
    public VcSim VCenter { get; private set; } = null!;

    /// <summary>Its instance UUID.</summary>
    public string VCenterUuid { get; private set; } = null!;

    /// <summary>What the vCenter calls the virtual machine that this host is.</summary>
    public string MachineId { get; private set; } = null!;

    /// <summary>This host's SMBIOS UUID; where it has none, the one that the agent is shown.</summary>
    public string HostUuid { get; private set; } = null!;

    /// <summary>A mount namespace in which the host has an SMBIOS UUID; null where it has one.</summary>
    public HostWithout? Host { get; private set; }

    /// <summary>Sets it.</summary>
    public static async Task<IncidentStage> SetAsync()
    {
        var stage = new IncidentStage();
        try
        {
            stage.Identify();
            stage.VCenter = await VcSim.StartAsync();
            await Task.WhenAll(stage.JoinAsync(), stage.Docker.InitializeAsync().AsTask());
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>For an agent that pushes once a second.</summary>
    /// <param name="receiver">Where to.</param>
    public string[] AgentArguments(Uri receiver)
    {
        const string VCenter = "collectors.vcenter";
        (string Key, object Value)[] all =
        [
            ("otlp.endpoint", receiver), ("otlp.interval", "1s"),
            ("collectors.docker.endpoint", Docker.Endpoint), ("collectors.docker.interval", "1s"),
            ($"{VCenter}.stateDirectory", Path.Combine(directory, "state")),
            ($"{VCenter}.endpoints.0.name", VCenterName), ($"{VCenter}.endpoints.0.url", this.VCenter.Url), ($"{VCenter}.endpoints.0.username", VcSim.User),
            ($"{VCenter}.endpoints.0.passwordFile", Path.Combine(directory, "password")), ($"{VCenter}.endpoints.0.insecure", "true"),
        ];
        return [.. all.SelectMany(each => new[] { "--set", $"{each.Key}={each.Value}" })];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Docker.DisposeAsync();
        if (VCenter is not null)
            await VCenter.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private void Identify()
    {
        File.WriteAllText(Path.Combine(directory, "password"), VcSim.Password);
        const string Nowhere = "/nonexistent";
        if (HostId.Read("/sys", Nowhere) is { } own)
        {
            HostUuid = own;
            return;
        }
        // What the firmware of a VMware guest would show. The agent reads nothing else below /sys/class.
        HostUuid = Guid.NewGuid().ToString("D");
        var shown = Directory.CreateDirectory(Path.Combine(directory, "class/dmi/id")).FullName;
        File.WriteAllText(Path.Combine(shown, "product_uuid"), HostUuid + "\n");
        Host = new HostWithout($"mount --bind {directory}/class /sys/class");
    }

    private async Task JoinAsync()
    {
        VCenterUuid = await VCenter.InstanceUuidAsync();
        MachineId = (await VCenter.ListAsync("VirtualMachine"))[MachineName];
        await VCenter.IdentifyAsync(MachineId, HostUuid);
    }
}
