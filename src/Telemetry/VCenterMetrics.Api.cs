using Observe.Telemetry.Model;
using static Observe.Telemetry.Model.MetricKind;
using static Observe.Telemetry.Model.MetricScope;

namespace Observe.Telemetry;

public static partial class VCenterMetrics
{
    /// <summary>Requests to a vCenter.</summary>
    public static readonly MetricDescriptor ApiRequests = new("observe_vcenter_api_requests_total", "observe.vcenter.api.requests", "{request}", Counter, Host,
        "Requests to the vCenter by method and what came of them: answered, refused (a fault), unreachable, late, invalid (no answer of a vCenter), toolong, cancelled",
        "vcenter", "method", "outcome");

    /// <summary>Bytes sent to a vCenter.</summary>
    public static readonly MetricDescriptor ApiSent = new("observe_vcenter_api_sent_bytes_total", "observe.vcenter.api.sent", "By", Counter, Host,
        "Bytes of the bodies of requests to the vCenter", "vcenter", "method");

    /// <summary>Bytes received from a vCenter.</summary>
    public static readonly MetricDescriptor ApiReceived = new("observe_vcenter_api_received_bytes_total", "observe.vcenter.api.received", "By", Counter, Host,
        "Bytes of the bodies of the vCenter's answers as they came, compressed where they were", "vcenter", "method");

    /// <summary>How long requests took.</summary>
    public static readonly MetricDescriptor ApiTime = new("observe_vcenter_api_seconds_total", "observe.vcenter.api", "s", Counter, Host,
        "Time from requests to the vCenter to the end of their answers; of WaitForUpdatesEx most of it is waiting for something to change", "vcenter", "method");

    /// <summary>Logins to a vCenter.</summary>
    public static readonly MetricDescriptor ApiLogins = new("observe_vcenter_api_logins_total", "observe.vcenter.api.logins", "{login}", Counter, Host,
        "Logins to the vCenter by what came of them: succeeded, refused (wrong credentials), failed (it did not come to that)", "vcenter", "outcome");

    /// <summary>Whether there is a session.</summary>
    public static readonly MetricDescriptor ApiSessions = new("observe_vcenter_api_sessions", "observe.vcenter.api.sessions", "{session}", Gauge, Host,
        "Sessions with the vCenter now: one, or none", "vcenter");

    /// <summary>Whether a vCenter is left alone.</summary>
    public static readonly MetricDescriptor ApiCircuitOpen = new("observe_vcenter_api_circuit_open", "observe.vcenter.api.circuit_open", "{circuit}", Gauge, Host,
        "Whether nothing is asked of the vCenter for a while, after failures in a row to reach it", "vcenter");

    private static MetricDescriptor[] ApiMetrics => [ApiRequests, ApiSent, ApiReceived, ApiTime, ApiLogins, ApiSessions, ApiCircuitOpen];
}
