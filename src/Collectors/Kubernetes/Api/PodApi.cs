using System.Globalization;
using System.Net;
using System.Text.Json;
using Observe.Collectors.Time;
using Observe.Telemetry.Time;

namespace Observe.Collectors.Kubernetes.Api;

/// <summary>The two requests that are made: list the pods of a node, and watch them. One at a time.</summary>
/// <param name="access">Where and who.</param>
/// <param name="timings">How long things may take.</param>
/// <param name="requests">Counts them.</param>
/// <param name="time">The clock.</param>
/// <param name="server">Told what the API server's clock shows; null: nobody wants to know.</param>
internal sealed class PodApi(ClusterAccess access, WatchTimings timings, ApiRequests requests, TimeProvider time, RemoteClock? server = null) : IDisposable
{
    /// <summary>Pods a page, at most, as kubectl asks for.</summary>
    private const int PageSize = 500;

    /// <summary>Longest page: an object is at most 1.5 MiB, and typically 10 KiB, so that 500 of the large ones are refused.</summary>
    private const long MaxPageBytes = 64L << 20;

    /// <summary>Longest line of a watch: an object, and a half of another.</summary>
    private const int MaxLineBytes = 4 << 20;

    private readonly ServiceAccountToken token = new(access.TokenFile);
    private readonly ApiConnection connection = new(access.CaFile, timings);

    /// <summary>Lists a page of the node's pods.</summary>
    /// <param name="next">What the page before says of the next one; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ApiException">It was refused, or is no list.</exception>
    public async Task<PodList> ListAsync(string? next, CancellationToken cancellationToken)
    {
        // Version 0 is whatever the API server has in memory: without it, each list reads all pods of the cluster from its database.
        var page = next is null ? "&resourceVersion=0" : $"&continue={Uri.EscapeDataString(next)}";
        var (response, _) = await SendAsync("list", string.Create(CultureInfo.InvariantCulture, $"&limit={PageSize}{page}"), cancellationToken).ConfigureAwait(false);
        using var held = response;
        try
        {
            using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), MaxPageBytes);
            return await JsonSerializer.DeserializeAsync(body, KubernetesJson.Default.PodList, cancellationToken).ConfigureAwait(false)
                ?? throw new JsonException("it is null");
        }
        catch (Exception error) when (PodWatchStream.IsBroken(error))
        {
            throw new ApiException($"the list of pods from {access.ApiServer} broke off: {error.Message}", "look at the API server, and at proxies before it; it is asked again");
        }
    }

    /// <summary>Begins to watch the node's pods.</summary>
    /// <param name="version">From where on.</param>
    /// <param name="seconds">After which time the API server shall end it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ApiException">It was refused.</exception>
    public async Task<PodWatchStream> WatchAsync(string version, int seconds, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture,
            $"&watch=1&resourceVersion={Uri.EscapeDataString(version)}&allowWatchBookmarks=true&timeoutSeconds={seconds}");
        var (response, bearer) = await SendAsync("watch", query, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new PodWatchStream(response, new JsonLines(body, MaxLineBytes), bearer, timings);
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private async Task<(HttpResponseMessage Response, string Bearer)> SendAsync(string verb, string query, CancellationToken cancellationToken)
    {
        var url = Url(query);
        var bearer = token.Read();
        var client = connection.Open();
        using var request = Request(url, bearer);
        var before = server?.Monotonic ?? 0;
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            requests.Count(verb, "error");
            if (error is OperationCanceledException && cancellationToken.IsCancellationRequested)
                throw;
            throw Unreachable(error);
        }
        requests.Count(verb, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        // Written when the answer was begun, to the second.
        if (response.Headers.Date is { } shown)
            server?.Take(new ClockReading(before, (long)UnixNano.Of(shown), server.Monotonic, TimeSpan.NanosecondsPerTick * TimeSpan.TicksPerSecond));
        if (response.StatusCode == HttpStatusCode.OK)
            return (response, bearer);
        using (response)
            throw await Refusal.ReadAsync(verb, response, bearer, timings, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

    private Uri Url(string query)
    {
        var server = access.ApiServer ?? throw new ApiException(
            $"no API server: {ClusterAccess.HostVariable} is not set, as it is in a pod", "set collectors.kubernetes.apiServer, or collectors.kubernetes.enabled to auto");
        return new UriBuilder(server)
        {
            Path = server.AbsolutePath.TrimEnd('/') + "/api/v1/pods",
            Query = $"fieldSelector=spec.nodeName%3D{Uri.EscapeDataString(access.Node)}{query}",
        }.Uri;
    }

    private static HttpRequestMessage Request(Uri url, string bearer)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "observe");
        return request;
    }

    private ApiException Unreachable(Exception error) => error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? new ApiException($"the certificate of the API server {access.ApiServer} is not accepted: {error.InnerException?.Message ?? error.Message}",
            $"look whether {access.CaFile} is this cluster's, and whether the certificate is for that address")
        : new ApiException($"cannot reach the API server {access.ApiServer}: {error.Message}", "look at the network and the API server; it is asked again, and what was learnt stands");
}
