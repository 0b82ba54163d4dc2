using System.Buffers;

namespace Observe.Collectors.Kubernetes.Api;

/// <summary>
/// The bearer token. Read anew for each request: the kubelet replaces it long before it expires (at 80 % of its life), requests are
/// minutes apart, and so a token is never older than the request that it is for.
/// </summary>
/// <param name="file">Where it is.</param>
internal sealed class ServiceAccountToken(string file)
{
    /// <summary>Tokens have some 1,000 bytes; a request's headers are refused at 1 MiB by API servers, and earlier by proxies.</summary>
    private const int MaxBytes = 64 * 1024;

    private const string Remedy = "mount a service account's token (automountServiceAccountToken), or set collectors.kubernetes.tokenFile";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>The token as it is now.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public string Read()
    {
        var token = ReadText().Trim();
        // In a header anything else would end in an error that repeats it.
        return token.Length > 0 && !token.AsSpan().ContainsAnyExcept(Allowed) ? token : throw new ApiException($"there is no bearer token in {file}", Remedy);
    }

    private string ReadText()
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var reader = new StreamReader(stream);
            var text = new char[MaxBytes];
            return new string(text, 0, reader.ReadBlock(text));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ApiException($"cannot read the service account's token: {error.Message}", Remedy);
        }
    }
}
