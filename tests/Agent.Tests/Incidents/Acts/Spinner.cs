using System.Text.Json.Nodes;
using Observe.Kernel.Tests.Harness;

namespace Observe.Agent.Tests.Incidents.Acts;

/// <summary>A container that uses all the CPU that it gets, until it is told to rest.</summary>
internal static class Spinner
{
    private const string Command = "trap 'exec sleep 1000' USR1; while :; do :; done";

    /// <summary>Starts one.</summary>
    /// <param name="docker">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cpu">On which CPU.</param>
    /// <param name="limits">HostConfig, besides.</param>
    /// <returns>Its id.</returns>
    public static Task<string> StartAsync(DockerBed docker, string name, int cpu, JsonObject limits)
    {
        limits["CpusetCpus"] = $"{cpu}";
        return docker.RunAsync(name, Command, limits);
    }

    /// <summary>From now on it sleeps.</summary>
    /// <param name="docker">Where.</param>
    /// <param name="container">Which.</param>
    public static Task RestAsync(DockerBed docker, string container) => docker.SendAsync(HttpMethod.Post, $"containers/{container}/kill?signal=USR1");
}
