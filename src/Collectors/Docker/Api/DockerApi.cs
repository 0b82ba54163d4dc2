using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Observe.Collectors.Docker.Api;

/// <summary>
/// The six requests of the Engine API that the agent makes; all of them only read. Every request has its deadline, every
/// answer its bound.
/// </summary>
internal sealed class DockerApi : IDisposable
{
    /// <summary>Most bytes of an answer: a list of ten thousand containers.</summary>
    private const int MaxAnswer = 16 * 1024 * 1024;

    /// <summary>Most bytes of an event: a container's labels stand in it.</summary>
    private const int MaxEvent = 1024 * 1024;

    private readonly DockerOptions options;
    private readonly TimeProvider time;
    private readonly TimeSpan timeout;
    private EngineVersion version = EngineVersion.Newest;
    private EngineVersion offered = EngineVersion.Newest;
    private bool hasDroppedOurs;
    private HttpClient? http;

    /// <summary>Prepares; nothing is sent.</summary>
    /// <param name="options">Where, and how long it may take.</param>
    /// <param name="time">The clock.</param>
    public DockerApi(DockerOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        timeout = options.Timeout;
        Endpoint = options.Endpoint;
    }

    /// <summary>Where the engine listens.</summary>
    public DockerEndpoint Endpoint { get; }

    /// <summary>Requests so far.</summary>
    public DockerRequests Requests { get; } = new();

    /// <summary>The version both speak.</summary>
    public EngineVersion Version => version;

    /// <summary>Whether the engine is Podman.</summary>
    public bool IsPodman { get; private set; }

    /// <summary>Asks whether the engine is there, and settles on a version.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DockerException">It is not, or speaks none that is known here.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // Anew each time: a certificate that is not there now may be the next time, or be another.
        http?.Dispose();
        http = new HttpClient(DockerTransport.Create(options)) { BaseAddress = Endpoint.Address, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswer };
        using var answer = await SendAsync(DockerRequest.Ping, "/_ping", HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        IsPodman = answer.Headers.Contains("Libpod-API-Version");
        if (!answer.Headers.TryGetValues("Api-Version", out var values) || !EngineVersion.TryParse(values.FirstOrDefault(), out offered))
            throw new DockerException($"{Endpoint} answers, but not as a container engine: there is no Api-Version in its answer to /_ping");
        if (offered.CompareTo(EngineVersion.Oldest) < 0)
            throw new DockerException($"the engine at {Endpoint} speaks API {offered}; {EngineVersion.Oldest} is the oldest that will do");
        version = offered.CompareTo(EngineVersion.Newest) < 0 || hasDroppedOurs ? offered : EngineVersion.Newest;
    }

    /// <summary>Asks whether the engine still answers.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DockerException">It does not.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(DockerRequest.Ping, "/_ping", HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the engine says of itself.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<EngineInfo> InfoAsync(CancellationToken cancellationToken) => GetAsync(DockerRequest.Info, "info", DockerJson.Default.EngineInfo, cancellationToken);

    /// <summary>All containers, stopped ones too.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<List<ContainerSummary>> ListAsync(CancellationToken cancellationToken) =>
        GetAsync(DockerRequest.List, "containers/json?all=1", DockerJson.Default.ListContainerSummary, cancellationToken);

    /// <summary>What there is to know of a container.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ContainerInspect> InspectAsync(string id, CancellationToken cancellationToken) =>
        GetAsync(DockerRequest.Inspect, $"containers/{Uri.EscapeDataString(id)}/json", DockerJson.Default.ContainerInspect, cancellationToken);

    /// <summary>What a container has used so far.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ContainerStats> StatsAsync(string id, CancellationToken cancellationToken) =>
        GetAsync(DockerRequest.Stats, $"containers/{Uri.EscapeDataString(id)}/stats?stream=false{(version.CompareTo(EngineVersion.OneShot) < 0 ? "" : "&one-shot=true")}", DockerJson.Default.ContainerStats, cancellationToken);

    /// <summary>Events of containers from a moment on; what the engine still remembers first, then as they come. It has begun when this returns.</summary>
    /// <param name="since">ns since the Unix epoch, by the engine's clock, inclusive; null for from now on.</param>
    /// <param name="cancellationToken">Ends it, and the events.</param>
    public async Task<IAsyncEnumerable<DockerEvent>> EventsAsync(long? since, CancellationToken cancellationToken)
    {
        const string Filter = "filters=%7B%22type%22%3A%5B%22container%22%5D%7D"; // {"type":["container"]}
        var from = since is { } at ? string.Create(CultureInfo.InvariantCulture, $"&since={at / 1_000_000_000}.{at % 1_000_000_000:000000000}") : "";
        var answer = await SendAsync(DockerRequest.Events, $"/v{version}/events?{Filter}{from}", HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        return ReadAsync(answer, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => http?.Dispose();

    private static async IAsyncEnumerable<DockerEvent> ReadAsync(HttpResponseMessage answer, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (answer)
        {
            var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var lines = new JsonLines(stream, MaxEvent);
            while (await lines.NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                if (line.Length > 1 && JsonSerializer.Deserialize(line.Span, DockerJson.Default.DockerEvent) is { } each)
                    yield return each;
            }
        }
    }

    private async Task<T> GetAsync<T>(DockerRequest request, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await SendAsync(request, $"/v{version}/{path}", HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        try
        {
            var content = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new DockerException($"the engine at {Endpoint} answered {path} with something else than expected: {error.Message}", inner: error);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(DockerRequest request, string path, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        var outcome = DockerOutcome.Failed;
        try
        {
            var answer = await SendAsync(path, completion, cancellationToken).ConfigureAwait(false);
            outcome = DockerOutcome.Answered;
            return answer;
        }
        catch (DockerException error) when (error.Status is not null)
        {
            outcome = DockerOutcome.Refused;
            throw;
        }
        finally
        {
            Requests.Add(request, outcome);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        HttpResponseMessage answer;
        try
        {
            answer = await http!.GetAsync(path, completion, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DockerException($"no answer from {Endpoint} within {timeout.TotalSeconds:0.#} s to {path}");
        }
        catch (HttpRequestException error)
        {
            throw new DockerException($"cannot reach the engine at {Endpoint}: {error.InnerException?.Message ?? error.Message}", inner: error);
        }
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw new DockerException(await DescribeAsync(path, answer, either.Token).ConfigureAwait(false), answer.StatusCode);
    }

    private async Task<string> DescribeAsync(string path, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        const int MaxShown = 200;
        var body = answer.Content.Headers.ContentLength is null or < MaxEvent ? await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) : "";
        // An engine that has dropped old versions says so: the next connection speaks its own.
        hasDroppedOurs |= answer.StatusCode == HttpStatusCode.BadRequest && body.Contains("too old", StringComparison.Ordinal);
        var text = body.ReplaceLineEndings(" ");
        return $"the engine at {Endpoint} answered {path} with {(int)answer.StatusCode}: {(text.Length > MaxShown ? text[..MaxShown] : text)}";
    }
}
