namespace Observe.Telemetry.Model;

/// <summary>
/// The rules for label names, held at the door: a name that Prometheus does not take costs a whole scrape, and the writers
/// have nobody left to tell.
/// </summary>
internal static class LabelNames
{
    /// <summary>Checks names once, when their set or resource is made.</summary>
    /// <param name="owner">Whose labels, for the message.</param>
    /// <param name="labels">The labels.</param>
    /// <exception cref="ArgumentException">A name is illegal or stands twice.</exception>
    public static void Check(string owner, IReadOnlyList<Label> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            var name = labels[i].Name;
            if (!IsLegal(name))
                throw new ArgumentException($"{owner} cannot have a label '{name}': Prometheus would refuse the whole scrape; use ASCII letters, digits and underscores, no digit first, no two underscores first", nameof(labels));
            if (Has(labels, name, before: i))
                throw Twice(owner, name, nameof(labels));
        }
    }

    /// <summary>Checks that labels which stand beside each other on a series have different names.</summary>
    /// <param name="owner">Whose labels, for the message.</param>
    /// <param name="inherited">The resource's; checked already.</param>
    /// <param name="labels">The series' own; checked already.</param>
    /// <exception cref="ArgumentException">A name stands twice.</exception>
    public static void CheckApart(string owner, IReadOnlyList<Label> inherited, Label[] labels)
    {
        foreach (var label in labels)
        {
            if (Has(inherited, label.Name, inherited.Count))
                throw Twice(owner, label.Name, nameof(labels));
        }
    }

    private static ArgumentException Twice(string owner, string name, string parameter) =>
        new($"{owner} has the label '{name}' twice: Prometheus would refuse the whole scrape; leave one of them out", parameter);

    private static bool IsLegal(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.StartsWith("__", StringComparison.Ordinal)
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool Has(IReadOnlyList<Label> labels, string name, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (labels[i].Name == name)
                return true;
        }
        return false;
    }
}
