using System.Threading.Channels;
using Observe.Collectors.Docker.Api;

namespace Observe.Collectors.Docker;

/// <summary>
/// Follows the engine: its events from where they were left off, then all its containers, and events again as they come.
/// Whatever ends that, it begins anew; events that are told twice are known by their key.
/// </summary>
/// <param name="api">The engine.</param>
/// <param name="containers">What is known of its containers.</param>
/// <param name="inspector">Asks about them.</param>
/// <param name="events">What the events go into.</param>
/// <param name="clock">When they were.</param>
internal sealed class DockerWatch(DockerApi api, DockerContainers containers, DockerInspector inspector, DockerEvents events, EngineClock clock)
{
    /// <summary>Events between the engine and us: it drops a listener that does not read for a tenth of a second.</summary>
    private const int Buffer = 8192;

    /// <summary>Follows until the engine goes away.</summary>
    /// <param name="connected">Called when it is there, and all its containers are known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DockerException">The engine does not answer, or not as one.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task FollowAsync(Action connected, CancellationToken cancellationToken)
    {
        await api.ConnectAsync(cancellationToken).ConfigureAwait(false);
        containers.Runtime = api.IsPodman ? "podman" : "docker";
        await clock.AskAsync(cancellationToken).ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stream = await api.EventsAsync(events.Resume(), ending.Token).ConfigureAwait(false);
        containers.IsConnected = true;
        var channel = Channel.CreateBounded<DockerEvent>(new BoundedChannelOptions(Buffer) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(stream, channel.Writer, ending.Token);
        var applying = ApplyAsync(channel.Reader, ending.Token);
        try
        {
            await ResyncAsync(ending.Token).ConfigureAwait(false);
            connected();
            await applying.ConfigureAwait(false);
        }
        finally
        {
            containers.IsConnected = false;
            await ending.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await applying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<DockerEvent> stream, ChannelWriter<DockerEvent> writer, CancellationToken cancellationToken)
    {
        Exception? end = null;
        try
        {
            await foreach (var each in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
                await writer.WriteAsync(each, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            end = error;
        }
        writer.TryComplete(end);
    }

    private async Task ApplyAsync(ChannelReader<DockerEvent> reader, CancellationToken cancellationToken)
    {
        await foreach (var each in reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (events.Take(each) is { } container)
                _ = inspector.InspectAsync(container, cancellationToken);
        }
    }

    private async Task ResyncAsync(CancellationToken cancellationToken)
    {
        var before = containers.Versions();
        var listed = await api.ListAsync(cancellationToken).ConfigureAwait(false);
        var asked = containers.Apply([.. listed.Select(each => each.Id)], before);
        await Task.WhenAll(asked.Select(each => inspector.InspectAsync(each, cancellationToken))).ConfigureAwait(false);
    }
}
