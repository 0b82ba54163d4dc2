using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>
/// Sends requests and reads answers, within limits of time and size; what is no answer becomes a <see cref="VCenterException"/>
/// that says what it is instead. Thread-safe.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="url">Where the API is.</param>
/// <param name="timeout">How long a request may take.</param>
/// <param name="limits">What an answer may be at most.</param>
/// <param name="time">The clock.</param>
/// <param name="observer">Who is told of requests; null if nobody.</param>
/// <param name="cookie">In which session they are.</param>
internal sealed class SoapTransport(HttpMessageInvoker client, Uri url, TimeSpan timeout, SoapLimits limits, TimeProvider time, ICallObserver? observer, SessionCookie cookie) : IDisposable
{
    private const string LoginMethod = "Login";
    private const string ContentMethod = "RetrieveServiceContent";
    private const string VersionsMethod = "vimServiceVersions";

    private static readonly MediaTypeHeaderValue Xml = new("text/xml", "utf-8");

    private readonly CallSlots slots = new();

    /// <summary>What is said in the header <c>SOAPAction</c>: the version in which the server is spoken to.</summary>
    public string Version { get; set; } = VimVersions.Fallback;

    /// <summary>What hides secrets in what others wrote.</summary>
    public Redaction Redaction { get; } = new(cookie);

    /// <summary>Requests so far that had to wait for their turn.</summary>
    public long Waits => slots.Waits;

    /// <summary>Calls a method.</summary>
    /// <param name="call">Which.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What it returned; nothing if the call takes it itself.</returns>
    /// <exception cref="VimFaultException">The server refused.</exception>
    /// <exception cref="VCenterException">There was no answer.</exception>
    public async Task<IReadOnlyList<VimValue>> CallAsync(SoapCall call, CancellationToken cancellationToken)
    {
        var request = SoapEnvelope.Write(call.Method, call.On, call.Arguments);
        if (call.Method == ContentMethod)
            cookie.Begin();
        var session = call switch { { Method: ContentMethod } => null, { Method: LoginMethod } => cookie.Offered, { IsInDoubtful: true } => cookie.Doubtful, _ => cookie.Current };
        var reply = await ExchangeAsync(call.Method, call.MaxWait, request, session, (body, most) => SoapReader.ReadAsync(body, most, call.Take), cancellationToken).ConfigureAwait(false);
        if (reply.Fault is { } fault)
            throw new VimFaultException(fault.Fault, Redaction.Quote(fault.Message), fault.Detail);
        if (call.Method == LoginMethod)
            cookie.Settle();
        return reply.Returned;
    }

    /// <summary>Asks which versions the server speaks.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The document; null if it has none.</returns>
    /// <exception cref="VCenterException">It was not reached.</exception>
    public async Task<VimValue?> VersionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ExchangeAsync(VersionsMethod, TimeSpan.Zero, null, null, (body, most) => SoapReader.ReadDocumentAsync(body, "namespaces", "", most), cancellationToken).ConfigureAwait(false);
        }
        catch (VCenterException error) when (error.InnerException is NotAnAnswerException)
        {
            // If nobody is there, the next request says so.
            return null;
        }
    }

    /// <summary>An answer lacks what all answers to a method have.</summary>
    /// <param name="method">The method.</param>
    public VCenterException Incomplete(string method) => new($"the answer of {url.Authority} to {method} has not what such an answer has", "check that the endpoint's url is a vCenter's or an ESXi host's");

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<T> ExchangeAsync<T>(
        string method, TimeSpan maxWait, ReadOnlyMemory<byte>? request, string? session, Func<Stream, SoapLimits, Task<T>> read, CancellationToken cancellationToken)
    {
        if (await slots.EnterAsync(maxWait > TimeSpan.Zero, timeout, time, cancellationToken).ConfigureAwait(false) is not { } slot)
            throw new VCenterException($"{method} at {url.Authority} did not get its turn within {timeout.TotalSeconds:0.#} s: the requests before it take too long", "see how busy the vCenter is");
        var began = time.GetTimestamp();
        var received = 0L;
        var outcome = CallOutcome.Cancelled;
        try
        {
            using var deadline = new CancellationTokenSource(timeout + maxWait, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            using var message = Message(request, session);
            using var response = await client.SendAsync(message, either.Token).ConfigureAwait(false);
            var wire = new CountingStream(await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false));
            using var body = new AnswerStream(Unpacked(response, wire), limits, either.Token);
            try
            {
                var answer = await ReadAsync(method, response, body, read).ConfigureAwait(false);
                outcome = answer is SoapReply { Fault: not null } ? CallOutcome.Refused : CallOutcome.Answered;
                return answer;
            }
            finally
            {
                received = wire.Total;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException or NotAnAnswerException or AnswerTooLongException or ObjectDisposedException)
        {
            var failure = new CallFailure(method, url, timeout + maxWait);
            outcome = CallFailure.Outcome(error);
            throw failure.Explain(error);
        }
        finally
        {
            CallSlots.Leave(slot);
            observer?.Ended(method, outcome, new CallCost(request?.Length ?? 0, received, time.GetElapsedTime(began)));
        }
    }

    private HttpRequestMessage Message(ReadOnlyMemory<byte>? request, string? session)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, url);
        if (request is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Xml } };
            message.Headers.TryAddWithoutValidation("SOAPAction", $"\"{SoapEnvelope.Vim}/{Version}\"");
            if (session is not null)
                message.Headers.TryAddWithoutValidation("Cookie", session);
        }
        else
        {
            message.Method = HttpMethod.Get;
            message.RequestUri = new Uri($"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/vimServiceVersions.xml");
        }
        message.Headers.TryAddWithoutValidation("User-Agent", "observe");
        message.Headers.TryAddWithoutValidation("Accept", "text/xml");
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        return message;
    }

    private async Task<T> ReadAsync<T>(string method, HttpResponseMessage response, AnswerStream body, Func<Stream, SoapLimits, Task<T>> read)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        // Faults come with 500, as SOAP wants it.
        var isAnswer = response.StatusCode is HttpStatusCode.OK or HttpStatusCode.InternalServerError;
        if (!isAnswer || (type is not null && !type.EndsWith("xml", StringComparison.OrdinalIgnoreCase)))
        {
            await body.ReadHeadAsync().ConfigureAwait(false);
            throw Not(isAnswer ? $"of the type {Redaction.Quote(type!)}" : null, method, response, body);
        }
        try
        {
            var answer = await read(body, limits).ConfigureAwait(false);
            if (method is ContentMethod or LoginMethod && response.Headers.TryGetValues("Set-Cookie", out var cookies))
                cookie.Offer(cookies);
            return answer;
        }
        catch (Exception error) when (error is XmlException or InvalidDataException or DecoderFallbackException)
        {
            throw Not(error is XmlException ? $"no XML ({Redaction.Quote(error.Message)})" : error is InvalidDataException ? error.Message : "no UTF-8", method, response, body);
        }
    }

    // Whoever is there instead was sent the password, and may repeat it in any form: no excerpt of the answer to a login.
    private NotAnAnswerException Not(string? what, string method, HttpResponseMessage response, AnswerStream body) =>
        new(response.StatusCode, what, method == LoginMethod ? "" : Redaction.Excerpt(body));

    private static Stream Unpacked(HttpResponseMessage response, Stream body) => response.Content.Headers.ContentEncoding switch
    {
        { Count: 0 } => body,
        { Count: 1 } packed when packed.First().Equals("gzip", StringComparison.OrdinalIgnoreCase) => new GZipStream(body, CompressionMode.Decompress),
        var other => throw new NotAnAnswerException(response.StatusCode, $"packed in a way that was not asked for ({other.Count} times)", ""),
    };
}
