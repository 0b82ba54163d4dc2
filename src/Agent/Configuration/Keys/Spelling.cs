namespace Observe.Agent.Configuration.Keys;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits, if they are few for its length, sections that both are in not counted; else null.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates) => candidates
        .Select(each => (Word: each, Edits: Distance(word.ToUpperInvariant(), each.ToUpperInvariant())))
        .Where(each => each.Edits <= Math.Max(1, (each.Word.Length - SharedSections(word, each.Word)) / 3))
        .OrderBy(each => each.Edits)
        .Select(each => each.Word)
        .FirstOrDefault();

    /// <summary>Length of the beginning that two keys have in common, up to a separator.</summary>
    private static int SharedSections(string a, string b) => a.AsSpan(0, a.AsSpan().CommonPrefixLength(b)).LastIndexOfAny('.', '_') + 1;

    /// <summary>Edits between two words: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
