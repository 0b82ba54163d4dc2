using Observe.Collectors.VCenter.Soap;

namespace Observe.Collectors.VCenter.Session;

/// <summary>What a server is asked through: kept as long as the file with the authorities stays the same. Used by one thread at a time.</summary>
/// <param name="endpoint">Whose.</param>
/// <param name="timeout">How long a request may take.</param>
/// <param name="observer">Is told of requests.</param>
/// <param name="time">The clock.</param>
internal sealed class VimSource(VCenterEndpoint endpoint, TimeSpan timeout, ICallObserver observer, TimeProvider time) : IDisposable
{
    private byte[] authorities = [];
    private SoapVim? vim;

    /// <summary>Grows whenever a request has to wait, or to connect.</summary>
    public long Delays => Volatile.Read(ref vim)?.Delays ?? 0;

    /// <summary>What was asked through last; null before the first time.</summary>
    public SoapVim? Opened => vim;

    /// <summary>What to ask through.</summary>
    /// <exception cref="VCenterException">The authorities cannot be read.</exception>
    public SoapVim Open()
    {
        var now = Authorities();
        if (vim is null || !now.AsSpan().SequenceEqual(authorities))
        {
            var made = new SoapVim(endpoint, time, timeout, observer: observer);
            vim?.Dispose();
            (vim, authorities) = (made, now);
        }
        return vim;
    }

    /// <inheritdoc/>
    public void Dispose() => vim?.Dispose();

    private byte[] Authorities()
    {
        try
        {
            return endpoint.CaFile is { } file ? File.ReadAllBytes(file) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What it was made with is as good as ever; without any, making it says what is wrong.
            return authorities;
        }
    }
}
