using Observe.Telemetry.Model;
using Observe.Telemetry.Otlp;

namespace Observe.Agent.Export.Otlp;

/// <summary>
/// The samples of a queue as requests, one after another: the same one until it is done with, byte for byte. What the queue has
/// in the meantime waits there. Used by one thread at a time.
/// </summary>
/// <param name="queue">The samples.</param>
/// <param name="encoder">An encoder of its own.</param>
internal sealed class SampleSender(SampleQueue queue, OtlpMetricsEncoder encoder) : IDisposable
{
    private readonly OtlpPayload payload = new();
    private SampleChunk? chunk;
    private int next;

    /// <summary>Points that the receiver has not taken yet.</summary>
    public long Waiting => queue.Waiting;

    /// <summary>The request to be sent next.</summary>
    /// <returns>Null if no sample waits.</returns>
    public SampleRequest? Next()
    {
        while (chunk is null)
        {
            chunk = queue.Take();
            if (chunk is null)
                return null;
            encoder.Encode(chunk, payload);
            next = 0;
            // Nothing in it is known.
            if (payload.Count == 0)
                End();
        }
        return new SampleRequest(payload.BodyOf(next), payload.PointsOf(next));
    }

    /// <summary>The request was taken, or refused for good.</summary>
    public void Done()
    {
        if (++next == payload.Count)
            End();
    }

    /// <inheritdoc/>
    public void Dispose() => payload.Dispose();

    private void End()
    {
        queue.Done(chunk!);
        chunk = null;
        payload.Clear();
    }
}
