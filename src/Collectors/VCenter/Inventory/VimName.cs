namespace Observe.Collectors.VCenter.Inventory;

/// <summary>Names of objects: the server writes a slash as <c>%2f</c>, a backslash as <c>%5c</c> and the percent sign as <c>%25</c>; nothing else is escaped.</summary>
internal static class VimName
{
    /// <summary>The name as people gave it.</summary>
    /// <param name="name">As the server has it.</param>
    public static string Decode(string name) => !name.Contains('%', StringComparison.Ordinal)
        ? name
        // The percent sign last: "%252f" is "%2f", and no slash.
        : name.Replace("%2f", "/", StringComparison.OrdinalIgnoreCase).Replace("%5c", "\\", StringComparison.OrdinalIgnoreCase).Replace("%25", "%", StringComparison.Ordinal);
}
