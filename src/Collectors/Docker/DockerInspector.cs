using Observe.Collectors.Docker.Api;

namespace Observe.Collectors.Docker;

/// <summary>Asks the engine about containers, some at a time, each by itself: one that hangs holds up no other's name.</summary>
/// <param name="api">The engine.</param>
/// <param name="containers">Whose answers they are.</param>
internal sealed class DockerInspector(DockerApi api, DockerContainers containers) : IDisposable
{
    /// <summary>Questions under way at a time.</summary>
    private const int Concurrency = 8;

    private readonly SemaphoreSlim places = new(Concurrency);

    /// <summary>Asks about a container; again if something happens meanwhile.</summary>
    /// <param name="container">The container.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Never faults.</returns>
    public async Task InspectAsync(DockerContainer container, CancellationToken cancellationToken)
    {
        while (containers.BeginInspection(container, out var version))
        {
            ContainerInspect? known = null;
            var isGone = false;
            try
            {
                await places.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    known = await api.InspectAsync(container.Id, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    places.Release();
                }
            }
            catch (Exception error) when (error is DockerException or OperationCanceledException or ObjectDisposedException or IOException)
            {
                // Gone already, or no answer: what its events say of it must do. One that did not answer is asked again.
                isGone = error is DockerException { IsGone: true };
            }
            containers.Apply(container, known, isGone, version);
            if (!containers.EndInspection(container) || cancellationToken.IsCancellationRequested)
                return;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();
}
