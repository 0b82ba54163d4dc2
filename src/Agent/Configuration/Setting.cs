namespace Observe.Agent.Configuration;

/// <summary>A key that a source sets, not yet interpreted.</summary>
/// <param name="Path">The key, dotted, as the schema spells it.</param>
/// <param name="Origin">Where.</param>
/// <param name="Items">One item for a single value; one each for the values of a list or the entries of a map.</param>
public sealed record Setting(string Path, SettingOrigin Origin, IReadOnlyList<SettingItem> Items);
