using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Observe.Collectors.Kvm.Exits;
using Observe.Collectors.Sched;
using Observe.Collectors.Stalls;

namespace Observe.Collectors.Tests.Docs;

/// <summary>Whoever finds a loss in a scrape finds its reason in the guide, and nothing there is about a reason that is gone.</summary>
public sealed partial class TroubleshootingTests
{
    [Fact]
    public void LostReasons_OfTheSources_AreTheOnesInTheGuide()
    {
        var guide = File.ReadAllText(Path.Combine(Root(), "docs/troubleshooting.md"));
        var start = guide.IndexOf("## observe_lost_total", StringComparison.Ordinal);
        var section = guide[start..guide.IndexOf("\n## ", start + 1, StringComparison.Ordinal)];

        string[] documented = [.. Row().Matches(section).Select(match => match.Groups[1].Value).Order()];

        documented.ShouldBeUnique();
        documented.ShouldBe(LedgerWire.LostReasons.Concat(KvmWire.LostReasons).Concat(StallWire.LostReasons.Skip(1)).Concat(NamedInSources()).Order());
    }

    /// <summary>Reasons stand as constants where the bound is: <c>losses.Counter("...")</c>, or <c>Lost("...")</c> in the ledger's reader.</summary>
    private static string[] NamedInSources()
    {
        string[] reasons =
        [
            .. Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => Named().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups[1].Value)
                .Distinct(),
        ];
        reasons.ShouldContain("collection_cut_off", "a loss counter that is there was not found: the pattern no longer fits the sources");
        reasons.ShouldContain("ledger_read_torn", "a loss of the ledger's reader was not found: the pattern no longer fits the sources");
        return reasons;
    }

    private static string Root([CallerFilePath] string self = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(self)!, "../../.."));

    [GeneratedRegex(@"(?:\.Counter|\bLost)\(""([a-z_]+)""\)")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
