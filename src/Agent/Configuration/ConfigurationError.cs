namespace Observe.Agent.Configuration;

/// <summary>One thing wrong with the configuration.</summary>
/// <param name="Origin">Where.</param>
/// <param name="Path">The key; empty if it is about the source as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigurationError(SettingOrigin Origin, string Path, string Message)
{
    /// <summary>One line: where, which key, what.</summary>
    public override string ToString() => Path.Length == 0 ? $"{Origin}: {Message}" : $"{Origin}: {Path}: {Message}";
}
