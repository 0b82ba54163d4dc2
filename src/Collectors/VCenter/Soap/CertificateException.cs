namespace Observe.Collectors.VCenter.Soap;

/// <summary>A server's certificate is not accepted.</summary>
/// <param name="message">Why.</param>
/// <param name="remedy">What to do.</param>
internal sealed class CertificateException(string message, string remedy) : Exception(message)
{
    /// <summary>What to do.</summary>
    public string Remedy { get; } = remedy;
}
