using System.Net;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>Why there was no answer, for people: what failed, on what, why, and what to do.</summary>
/// <param name="method">What was asked.</param>
/// <param name="url">Where.</param>
/// <param name="patience">How long was waited at most.</param>
internal sealed class CallFailure(string method, Uri url, TimeSpan patience)
{
    private const string Wait = "it is tried again from time to time";
    private const string Reach = "check the endpoint's url, firewalls, and that the vCenter is up";
    private const string IsIt = "check that the endpoint's url is a vCenter's or an ESXi host's (https://HOST/sdk), and whether a proxy stands before it (its key proxy, HTTPS_PROXY and NO_PROXY)";

    /// <summary>As it is counted.</summary>
    /// <param name="error">What happened.</param>
    public static CallOutcome Outcome(Exception error) => error switch
    {
        OperationCanceledException { InnerException: TimeoutException } => CallOutcome.Unreachable,
        OperationCanceledException => CallOutcome.Late,
        NotAnAnswerException => CallOutcome.Invalid,
        AnswerTooLongException => CallOutcome.TooLong,
        _ => CallOutcome.Unreachable,
    };

    /// <summary>In words.</summary>
    /// <param name="error">What happened.</param>
    public VCenterException Explain(Exception error) => error switch
    {
        // This is how the connection's own deadline shows.
        OperationCanceledException { InnerException: TimeoutException } => new(
            $"no connection to {url.Authority} within {VimConnection.ConnectWithin.TotalSeconds:0} s", $"{Reach}; {Wait}", error),
        OperationCanceledException => new($"{url.Authority} did not answer {method} within {patience.TotalSeconds:0.#} s", $"see how busy it is; {Wait}", error),
        NotAnAnswerException other => new($"{url.Authority} answered {method} with {other.What}{Begins(other)}", Remedy(other.Status), other),
        AnswerTooLongException => new($"the answer of {url.Authority} to {method} has {error.Message}, and was not read any further", IsIt, error),
        HttpRequestException request => Explain(request),
        ObjectDisposedException => new($"the connection to {url.Authority} was given up before {method} was answered", null, error),
        _ => new($"the connection to {url.Authority} broke off in the midst of the answer to {method}: {error.Message}", $"look at the vCenter, and at proxies before it; {Wait}", error),
    };

    private VCenterException Explain(HttpRequestException error)
    {
        for (Exception? each = error; each is not null; each = each.InnerException)
        {
            if (each is CertificateException certificate)
                return new($"{url.Authority} is not trusted: {certificate.Message}", certificate.Remedy, error);
        }
        var why = error.InnerException?.Message ?? error.Message;
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new($"the name {url.Host} is not known here: {why}", "check the endpoint's url, and name resolution on this host", error),
            HttpRequestError.ConnectionError => new($"cannot connect to {url.Authority}: {why}", $"{Reach}; {Wait}", error),
            HttpRequestError.SecureConnectionError => new($"no TLS with {url.Authority}: {why}", "check that the port speaks TLS 1.2 or later", error),
            HttpRequestError.ProxyTunnelError => new(
                $"the proxy before {url.Authority} lets nothing through: {(error.StatusCode is { } status ? $"HTTP status {(int)status}" : why)}",
                Remedy(error.StatusCode ?? HttpStatusCode.BadGateway), error),
            HttpRequestError.ResponseEnded => new($"{url.Authority} closed the connection without an answer to {method}", $"look at the vCenter, and at proxies before it; {Wait}", error),
            HttpRequestError.InvalidResponse => new($"{url.Authority} does not speak HTTP: {why}", IsIt, error),
            _ => new($"the connection to {url.Authority} broke before {method} was answered: {why}", $"look at the vCenter, and at proxies before it; {Wait}", error),
        };
    }

    private static string Begins(NotAnAnswerException other) => other.Excerpt.Length == 0 ? "" : $", which begins: {other.Excerpt}";

    private static string Remedy(HttpStatusCode status) => (int)status switch
    {
        >= 300 and < 400 => "redirects are not followed: set the endpoint's url to the final address",
        401 or 403 => "a proxy or gateway before the vCenter wants credentials of its own: let the agent pass, or name another way with the endpoint's proxy",
        404 => "there is no API at this path: the endpoint's url ends in /sdk",
        407 => "the proxy wants credentials: put them into the URL of the endpoint's proxy, or let the agent pass without",
        502 or 503 or 504 => $"its services, or what a proxy passes requests on to, do not run: wait until they do; {Wait}",
        _ => IsIt,
    };
}
