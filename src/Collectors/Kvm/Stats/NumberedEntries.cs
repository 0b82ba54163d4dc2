using System.Globalization;
using System.IO.Enumeration;

namespace Observe.Collectors.Kvm.Stats;

/// <summary>Directories of the kernel whose entries are numbers (<c>/proc</c>, <c>/proc/PID/fd</c>) or pairs of them, listed without a string for each.</summary>
internal static class NumberedEntries
{
    // Without these each entry would be asked for its attributes, and what is refused passed over in silence.
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Lists the entries that are whole numbers.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="numbers">Emptied, then filled in the directory's order.</param>
    /// <returns>Null, or why it cannot be listed.</returns>
    internal static string? List(string directory, List<int> numbers)
    {
        numbers.Clear();
        return Fill(numbers, directory, static (ref FileSystemEntry entry) => TryNumber(entry.FileName, out _), static (ref FileSystemEntry entry) =>
        {
            TryNumber(entry.FileName, out var number);
            return number;
        });
    }

    /// <summary>Lists the entries that are two whole numbers with a hyphen between: <c>123-45</c>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="pairs">Emptied, then filled in the directory's order.</param>
    /// <returns>Null, or why it cannot be listed.</returns>
    internal static string? List(string directory, List<(int First, int Second)> pairs)
    {
        pairs.Clear();
        return Fill(pairs, directory, static (ref FileSystemEntry entry) => TryPair(entry.FileName, out _), static (ref FileSystemEntry entry) =>
        {
            TryPair(entry.FileName, out var pair);
            return pair;
        });
    }

    private static string? Fill<T>(List<T> into, string directory, FileSystemEnumerable<T>.FindPredicate include, FileSystemEnumerable<T>.FindTransform transform)
    {
        try
        {
            foreach (var entry in new FileSystemEnumerable<T>(directory, transform, Everything) { ShouldIncludePredicate = include })
                into.Add(entry);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static bool TryPair(ReadOnlySpan<char> name, out (int First, int Second) pair)
    {
        pair = default;
        var hyphen = name.IndexOf('-');
        return hyphen > 0 && TryNumber(name[..hyphen], out pair.First) && TryNumber(name[(hyphen + 1)..], out pair.Second);
    }

    private static bool TryNumber(ReadOnlySpan<char> name, out int number) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
