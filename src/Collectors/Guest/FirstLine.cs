namespace Observe.Collectors.Guest;

/// <summary>Files of one line, as the kernel shows them.</summary>
internal static class FirstLine
{
    /// <summary>First line of a file, without the blanks around it; null if it cannot be read.</summary>
    /// <param name="path">The file.</param>
    public static string? Of(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
