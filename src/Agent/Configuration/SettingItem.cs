namespace Observe.Agent.Configuration;

/// <summary>One value as text.</summary>
/// <param name="Name">The entry's name in a map; null elsewhere.</param>
/// <param name="Text">The text.</param>
/// <param name="Origin">Where exactly it stands.</param>
public sealed record SettingItem(string? Name, string Text, SettingOrigin Origin);
