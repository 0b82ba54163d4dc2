using Observe.Collectors;

namespace Observe.Agent.Export.Otlp;

/// <summary>Tries the configured receiver with a request without metrics or spans, for <c>observe check</c>.</summary>
public static class OtlpProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>Sends one empty request.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Absent if no endpoint is set; never throws for what the receiver does.</returns>
    public static async Task<ComponentStatus> RunAsync(OtlpOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isOfTraces = options.Signal == OtlpSignal.Traces;
        var component = isOfTraces ? "trace receiver" : "otlp receiver";
        if (!options.Enabled)
            return new ComponentStatus(component, StatusLevel.Absent, options.ToString());
        using var client = new OtlpClient(options, time);
        var outcome = await client.SendAsync(ReadOnlyMemory<byte>.Empty, Timeout, cancellationToken);
        return outcome.Verdict is OtlpVerdict.Accepted
            ? new ComponentStatus(component, StatusLevel.Ok, options.ToString())
            : new ComponentStatus(component, StatusLevel.Degraded, $"{options}: {outcome.Reason}: {outcome.Detail}", isOfTraces
                ? "start the receiver, or correct the endpoint, protocol or credentials; if it takes metrics only, set traces.enabled to false, or traces.endpoint to one that takes spans"
                : "start the receiver, or correct the endpoint, protocol or credentials; until then metrics can only be scraped");
    }
}
