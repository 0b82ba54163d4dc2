using System.Text.RegularExpressions;
using Observe.Agent.Configuration;

namespace Observe.Agent.Tests.Configuration;

/// <summary>The agent and the schema judge a file alike, as far as a schema can tell.</summary>
internal static partial class Agreement
{
    /// <summary>Compares; does nothing where there is no validator, which a test of its own says.</summary>
    /// <param name="yaml">The file.</param>
    /// <param name="result">What the agent made of it, with whatever came from elsewhere.</param>
    public static void Check(string yaml, ConfigurationResult result)
    {
        if (SchemaJudge.Missing is not null)
            return;
        var errors = result.Errors.Where(each => each.Origin.Text.Contains(".yaml", StringComparison.Ordinal)).Select(each => each.ToString()).ToList();
        var verdict = SchemaJudge.Judge(yaml);
        if (errors.Count == 0)
            verdict.ShouldBeNull($"the agent takes what the schema refuses:\n{yaml}");
        else if (!errors.TrueForAll(each => CannotTell().IsMatch(each)))
            verdict.ShouldNotBeNull($"the agent refuses what the schema takes:\n{yaml}\n{string.Join('\n', errors)}");
    }

    // What is about two keys, or another file, or the range of a duration, or what text means beyond its form.
    [GeneratedRegex("is the systemd credential|cannot read|is set without|is set twice|is set besides|is not set; set it|is the name of another endpoint|is listed twice|is http: the password|so that pin and caFile mean nothing|'([0-9.]+(ms|us|s|m|h))+' is not a duration from")]
    private static partial Regex CannotTell();
}
