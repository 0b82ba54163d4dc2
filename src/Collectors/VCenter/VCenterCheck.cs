using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Observe.Bpf.Host;
using Observe.Collectors.VCenter.Clock;
using Observe.Collectors.VCenter.Session;
using Observe.Collectors.VCenter.Vim;
using Observe.Telemetry.Model;
using Observe.Telemetry.Time;

namespace Observe.Collectors.VCenter;

/// <summary>Are the endpoints reached, and do they let the agent in? Found out by logging in, asking for the time, and logging out.</summary>
public static class VCenterCheck
{
    /// <summary>The row where there are no endpoints; of one, with its name behind a colon.</summary>
    public const string Row = "vcenter";

    /// <summary>Less than what all probes together may take, for endpoints that never answer.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(12);

    /// <summary>Asks, all at once.</summary>
    /// <param name="options">Which.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<ComponentStatus>> RunAsync(VCenterOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Endpoints.Count == 0)
            return [new ComponentStatus(Row, StatusLevel.Absent, "no endpoints are configured (collectors.vcenter.endpoints)")];
        return await Task.WhenAll(options.Endpoints.Select(endpoint => AskAsync(endpoint, options, time, cancellationToken))).ConfigureAwait(false);
    }

    private static async Task<ComponentStatus> AskAsync(VCenterEndpoint endpoint, VCenterOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var session = new VCenterSession(endpoint, options, time, NullLogger.Instance);
        await using var ending = session.ConfigureAwait(false);
        try
        {
            var host = new UnifiedClock();
            var (before, realTime, after) = HostClock.Read();
            host.Take(new ClockReading(before, realTime, after), 0);
            var clock = new VCenterClock(endpoint.Name, session, () => session.Delays, host, new Resource([], []), 0, time);
            await clock.AskAsync(either.Token).ConfigureAwait(false);
            return Found(endpoint, session.Content!.About, clock);
        }
        catch (VCenterException error)
        {
            return Degraded(endpoint, error.Message, error.Remedy ?? "wait");
        }
        catch (VimFaultException fault)
        {
            return Degraded(endpoint, $"it refused to say what time it is: {fault.Fault}: {fault.Message}", "give the user the role Read-only at the root, for all beneath it");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Degraded(endpoint, $"no answer from {endpoint.ApiUrl.Authority} within {Within.TotalSeconds:0} s", "check the endpoint's url, firewalls, and that the vCenter is up");
        }
    }

    private static ComponentStatus Found(VCenterEndpoint endpoint, AboutInfo about, VCenterClock clock)
    {
        var offset = clock.Offset is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"its clock is {Math.Abs(known.Offset.TotalMilliseconds):0.0} ms {(known.Offset < TimeSpan.Zero ? "behind" : "ahead of")} this host's, give or take {known.Error.TotalMilliseconds:0.0} ms")
            : "its clock shows nothing that makes sense";
        return new ComponentStatus(Name(endpoint), StatusLevel.Ok, $"{about.FullName} at {endpoint.ApiUrl.Authority}, API {about.ApiVersion}, logged in; {offset}{(endpoint.Insecure ? "; insecure: whoever answers is believed" : "")}");
    }

    // The rest of the agent goes on without it, and is ready without it.
    private static ComponentStatus Degraded(VCenterEndpoint endpoint, string detail, string remedy) => new(Name(endpoint), StatusLevel.Degraded, detail, remedy);

    private static string Name(VCenterEndpoint endpoint) => $"{Row}:{endpoint.Name}";
}
