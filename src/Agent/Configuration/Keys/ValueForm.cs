using System.Diagnostics.CodeAnalysis;

namespace Observe.Agent.Configuration.Keys;

/// <summary>What values of one type look like in a file, as far as a schema can tell; what it cannot, the agent finds.</summary>
public sealed record ValueForm
{
    /// <summary>Any text.</summary>
    public static ValueForm Text { get; } = new();

    /// <summary>The words that there are; null if it is not one of a few.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>The least and the most, of whole numbers; null of all else.</summary>
    public (int Least, int Most)? Range { get; init; }

    /// <summary>What text matches, a regular expression of ECMA 262; null if any will do.</summary>
    public string? Pattern { get; init; }

    /// <summary>Text that matches a regular expression.</summary>
    /// <param name="pattern">In the part of the syntax that ECMA 262, .NET and Python have in common.</param>
    public static ValueForm Matching([StringSyntax(StringSyntaxAttribute.Regex)] string pattern) => new() { Pattern = pattern };
}
