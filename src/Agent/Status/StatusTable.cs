using System.Text;
using Observe.Collectors;

namespace Observe.Agent.Status;

/// <summary>Status as an aligned table: component, status, detail, remedy.</summary>
public static class StatusTable
{
    /// <summary>A detail longer than this does not push the remedies of all the others out of sight.</summary>
    private const int WidestDetail = 60;

    /// <summary>Formats the table, one row a line, with a heading.</summary>
    /// <param name="components">The rows.</param>
    public static string Format(IReadOnlyList<ComponentStatus> components)
    {
        var name = Width(components.Select(each => each.Component.Length), "COMPONENT");
        var level = Width(components.Select(each => Word(each.Level).Length), "STATUS");
        var detail = Width(components.Select(each => each.Detail.Length).Where(each => each <= WidestDetail), "DETAIL");
        var text = new StringBuilder();
        Row("COMPONENT", "STATUS", "DETAIL", "REMEDY");
        foreach (var each in components)
            Row(each.Component, Word(each.Level), OneLine(each.Detail), OneLine(each.Remedy ?? ""));
        return text.ToString();

        void Row(string first, string second, string third, string fourth) =>
            text.Append($"{first.PadRight(name)}  {second.PadRight(level)}  {third.PadRight(detail)}  {fourth}".TrimEnd()).Append('\n');
    }

    /// <summary>The word for a level.</summary>
    /// <param name="level">The level.</param>
    public static string Word(StatusLevel level) => level switch
    {
        StatusLevel.Ok => "ok",
        StatusLevel.Absent => "absent",
        StatusLevel.Degraded => "degraded",
        _ => "failed",
    };

    private static int Width(IEnumerable<int> widths, string heading) => widths.Append(heading.Length).Max();

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
