using System.Net.Sockets;
using Observe.Collectors;

namespace Observe.Agent.Check;

/// <summary>Does anything answer where metrics are to be pushed?</summary>
/// <param name="endpoint">Where; null if nothing is pushed.</param>
/// <param name="time">The clock.</param>
public sealed class OtlpEndpointProbe(Uri? endpoint, TimeProvider time) : IProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => [await LookAsync(cancellationToken).ConfigureAwait(false)];

    private async Task<ComponentStatus> LookAsync(CancellationToken cancellationToken)
    {
        const string Component = "OTLP endpoint";
        if (endpoint is null)
            return new(Component, StatusLevel.Absent, "none configured: nothing is pushed");
        // Without user info, path and query: any of them may be a secret.
        var shown = endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        using var timer = new CancellationTokenSource(Patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(endpoint.IdnHost, endpoint.Port, deadline.Token).ConfigureAwait(false);
            return new(Component, StatusLevel.Ok, $"{shown} accepts connections");
        }
        catch (SocketException error)
        {
            return Unreachable(error.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreachable($"no answer within {Patience.TotalSeconds:0} s");
        }

        // Degraded: scraping works without it, and export resumes by itself.
        ComponentStatus Unreachable(string why) => new(Component, StatusLevel.Degraded, $"cannot connect to {shown}: {why}", "start the receiver, or correct otlp.endpoint");
    }
}
