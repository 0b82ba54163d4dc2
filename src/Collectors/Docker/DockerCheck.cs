using Observe.Collectors.Docker.Api;

namespace Observe.Collectors.Docker;

/// <summary>Does the engine answer? Found out by asking it for its containers.</summary>
public static class DockerCheck
{
    /// <summary>Asks.</summary>
    /// <param name="options">Where.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ComponentStatus> RunAsync(DockerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Enabled)
            return new ComponentStatus(DockerState.Row, StatusLevel.Absent, "switched off");
        using var api = new DockerApi(options, time);
        try
        {
            await api.ConnectAsync(cancellationToken).ConfigureAwait(false);
            var containers = await api.ListAsync(cancellationToken).ConfigureAwait(false);
            return DockerState.Of(api, containers.Count).ToStatus();
        }
        catch (Exception error) when (error is DockerException or IOException)
        {
            return DockerState.After(error, options.Endpoint, DockerState.Unknown).ToStatus();
        }
    }
}
