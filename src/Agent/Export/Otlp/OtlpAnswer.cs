using System.Buffers;
using System.Text;

namespace Observe.Agent.Export.Otlp;

/// <summary>Reads what receivers answer, within bounds: an answer is a stranger's data.</summary>
internal static class OtlpAnswer
{
    // A partial success or a status with a message; what is longer is an error page of something else.
    private const int MaxBytes = 64 * 1024;
    private const int MaxText = 300;

    /// <summary>At most <see cref="MaxBytes"/> of a body; a longer one is cut, and its trailers are not waited for.</summary>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            var length = await body.ReadAtLeastAsync(buffer.AsMemory(0, MaxBytes), MaxBytes, throwOnEndOfStream: false, cancellationToken);
            return buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A receiver's words, fit for a log line: short, one line, printable.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length >= MaxText)
                return quoted.Append("...").ToString();
            quoted.Append(Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? " " : rune.ToString());
        }
        return quoted.ToString().Trim();
    }
}
