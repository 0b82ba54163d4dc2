using System.Buffers;
using System.Text;

namespace Observe.Collectors.Identity;

/// <summary>Reads small files of /proc and of cgroups whose process may be gone at any time.</summary>
internal static class ProcessText
{
    /// <summary>The beginning of a file, as UTF-8; what is not valid UTF-8 becomes U+FFFD.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Most bytes read; what follows is ignored.</param>
    /// <returns>Null if it is not there, is not for the agent to read, or went away meanwhile.</returns>
    internal static string? Read(string path, int maxBytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes);
        try
        {
            using var file = File.OpenHandle(path);
            var length = 0;
            // The kernel may hand out less than asked for before the end.
            while (length < maxBytes && RandomAccess.Read(file, buffer.AsSpan(length, maxBytes - length), length) is > 0 and var read)
                length += read;
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        // ESRCH (no such process) and EOPNOTSUPP (cgroup.procs of a threaded cgroup) are IOExceptions as well.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
