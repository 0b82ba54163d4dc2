using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Observe.Collectors.Kubernetes.Api;

/// <summary>A watch that stands.</summary>
/// <param name="response">The answer.</param>
/// <param name="lines">Its body.</param>
/// <param name="token">What it was asked for with.</param>
/// <param name="timings">How long to wait after an error.</param>
internal sealed class PodWatchStream(HttpResponseMessage response, JsonLines lines, string token, WatchTimings timings) : IDisposable
{
    private ReadOnlyMemory<byte> line;

    /// <summary>Waits for the next event.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its type; null at the end.</returns>
    /// <exception cref="ApiException">What came is no event.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<string?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await lines.NextAsync(cancellationToken).ConfigureAwait(false) is not { } next)
                return null;
            line = next;
        }
        catch (InvalidDataException error)
        {
            throw Garbage(error.Message);
        }
        return Read(KubernetesJson.Default.WatchEvent).Type ?? throw Garbage("an event without a type");
    }

    /// <summary>The pod of an event; of a bookmark, only its version.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public Pod Pod() => Read(KubernetesJson.Default.WatchEventPod).Object ?? throw Garbage("an event without an object");

    /// <summary>What an error says.</summary>
    /// <exception cref="ApiException">Nothing.</exception>
    public ApiException Error() =>
        Refusal.OfEvent(Read(KubernetesJson.Default.WatchEventStatus).Object ?? throw Garbage("an error without an object"), token, timings);

    /// <inheritdoc/>
    public void Dispose() => response.Dispose();

    /// <summary>Whether an exception says that an answer is not what it should be, or did not come to its end.</summary>
    /// <param name="error">What was thrown while it was read.</param>
    internal static bool IsBroken(Exception error) => error is JsonException or InvalidOperationException or IOException or InvalidDataException or HttpRequestException;

    /// <summary>What follows an event that was not understood could not be trusted either.</summary>
    internal static ApiException Garbage(string what) =>
        new($"the API server's watch sent {what}", "look at proxies before the API server; pods are listed again") { CanResume = false };

    private T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, type) ?? throw Garbage("null");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Garbage($"what is no event ({error.GetType().Name})");
        }
    }
}
