using Microsoft.Extensions.Logging;

namespace Observe.Collectors.VCenter.Events;

/// <summary>How the reading of events or tasks fares: for people, each change said once. Thread-safe.</summary>
/// <param name="vcenter">The vCenter's name.</param>
/// <param name="what">What is read: <c>events</c>, <c>tasks</c>.</param>
/// <param name="logger">Where it is said.</param>
internal sealed partial class FollowerState(string vcenter, string what, ILogger logger)
{
    private volatile ComponentStatus status = new($"vcenter {vcenter} {what}", StatusLevel.Absent, "not read yet");
    private bool isSaid;

    /// <summary>In words.</summary>
    public ComponentStatus Status => status;

    /// <summary>They are read.</summary>
    /// <param name="isTold">Whether the server tells of news; otherwise it is asked for them.</param>
    public void Succeeded(bool isTold)
    {
        status = new(status.Component, StatusLevel.Ok, isTold ? "read as the server tells of them" : "read by asking from time to time");
        if (Interlocked.Exchange(ref isSaid, false))
            Log.Recovered(logger, what, vcenter);
    }

    /// <summary>They cannot be read.</summary>
    /// <param name="error">Why.</param>
    public void Failed(Exception error)
    {
        var reason = error is Vim.VimFaultException fault ? $"the server refused with {fault.Fault}: {fault.Message}" : error.Message;
        status = new(status.Component, StatusLevel.Degraded, reason, (error as VCenterException)?.Remedy ?? "none: it is tried again; the user needs System.View on the root folder, for tasks and events alike");
        // While a server is away its reasons alternate: one line until it is well again; the status has the present one.
        if (error is not VCenterException { IsTold: true } && !Interlocked.Exchange(ref isSaid, true))
            Log.Failed(logger, what, vcenter, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(91, LogLevel.Warning, "cannot read the {What} of vCenter {VCenter}: {Reason}; it is tried again, from where the reading ended", EventName = "VCenterEventsFailed")]
        public static partial void Failed(ILogger logger, string what, string vcenter, string reason);

        [LoggerMessage(92, LogLevel.Information, "the {What} of vCenter {VCenter} are read again", EventName = "VCenterEventsRecovered")]
        public static partial void Recovered(ILogger logger, string what, string vcenter);
    }
}
