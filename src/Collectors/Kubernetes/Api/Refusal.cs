using System.Net;
using System.Text.Json;

namespace Observe.Collectors.Kubernetes.Api;

/// <summary>Answers that are not what was asked for: what they mean, and what to do about them.</summary>
internal static class Refusal
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxText = 300;

    /// <summary>Reads an answer with another status than 200.</summary>
    /// <param name="verb">What was asked for.</param>
    /// <param name="response">The answer.</param>
    /// <param name="token">Must not be repeated, whoever says it.</param>
    /// <param name="timings">How long to wait.</param>
    /// <param name="now">For a Retry-After that is a date.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ApiException> ReadAsync(
        string verb, HttpResponseMessage response, string token, WatchTimings timings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var words = await ReadWordsAsync(response, cancellationToken).ConfigureAwait(false);
        return Of(verb, (int)response.StatusCode, Redact(words, token), RetryAfter(response, now), timings);
    }

    /// <summary>An error that came inside a watch.</summary>
    /// <param name="status">What it says.</param>
    /// <param name="token">Must not be repeated, whoever says it.</param>
    /// <param name="timings">How long to wait.</param>
    public static ApiException OfEvent(Status status, string token, WatchTimings timings)
    {
        var refused = Of("watch", status.Code ?? 0, Redact(status.Message, token), null, timings);
        // What the rest of the watch would have said is unknown.
        return new ApiException(refused.Message, refused.Remedy) { CanResume = false, IsExpired = refused.IsExpired, RetryAfter = refused.RetryAfter };
    }

    private static ApiException Of(string verb, int code, string? words, TimeSpan? retryAfter, WatchTimings timings)
    {
        var said = words is { Length: > 0 } ? $"{code}: {Quote(words)}" : $"{code}";
        var reason = $"the API server answered {verb} of pods with {said}";
        return code switch
        {
            (int)HttpStatusCode.Unauthorized => new ApiException(reason, "the token is expired or not this cluster's: look at collectors.kubernetes.tokenFile, which is read again at each attempt"),
            (int)HttpStatusCode.Forbidden => new ApiException(reason, "bind the service account to a ClusterRole with the verbs list and watch on pods (docs/kubernetes.md has both)")
            {
                RetryAfter = timings.ForbiddenPause,
            },
            (int)HttpStatusCode.Gone => new ApiException(reason, "none") { IsExpired = true, CanResume = false },
            (int)HttpStatusCode.TooManyRequests or >= 500 and not (int)HttpStatusCode.GatewayTimeout => new ApiException(reason, "look at the API server; it is asked again") { RetryAfter = retryAfter },
            // 504 to a watch is the server's word for a version that it does not have yet: it may have been restored from a backup.
            (int)HttpStatusCode.GatewayTimeout => new ApiException(reason, "look at the API server; it is asked again") { RetryAfter = retryAfter, CanResume = false },
            >= 300 and < 400 => new ApiException(reason, "redirects are not followed: set collectors.kubernetes.apiServer to the final address") { CanResume = false },
            _ => new ApiException(reason, "check that collectors.kubernetes.apiServer is a Kubernetes API server") { CanResume = false },
        };
    }

    private static string? Redact(string? words, string token) => words?.Replace(token, "[redacted]", StringComparison.Ordinal);

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        return header?.Delta ?? (header?.Date is { } date && date > now ? date - now : null);
    }

    private static async Task<string?> ReadWordsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), MaxBytes);
            return (await JsonSerializer.DeserializeAsync(body, KubernetesJson.Default.Status, cancellationToken).ConfigureAwait(false))?.Message;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or InvalidDataException or HttpRequestException)
        {
            // Not the API server's own words: a proxy's page. The code says enough.
            return null;
        }
    }

    /// <summary>Fit for a log line: short, one line, printable.</summary>
    private static string Quote(string text)
    {
        var plain = string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
                to[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
        });
        return plain.Length <= MaxText ? plain : $"{plain.AsSpan(0, MaxText)}...";
    }
}
