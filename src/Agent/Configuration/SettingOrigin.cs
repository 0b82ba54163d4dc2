namespace Observe.Agent.Configuration;

/// <summary>Where a value was set.</summary>
/// <param name="Text">For people: <c>observe.yaml:12</c>, <c>environment OBSERVE_LISTEN</c>, <c>command line --listen</c>.</param>
/// <param name="Order">Orders errors: the line in a file, before the environment, before the command line.</param>
public readonly record struct SettingOrigin(string Text, int Order = 0)
{
    /// <summary>Nobody set it.</summary>
    public static SettingOrigin Default { get; } = new("default");

    /// <summary>The OTLP export's settings, which the file and the standard variables make up together.</summary>
    public static SettingOrigin Otlp { get; } = new("OTLP export", int.MaxValue - 1);

    /// <summary>The line of a file.</summary>
    /// <param name="name">The file.</param>
    /// <param name="line">The line, from 1.</param>
    public static SettingOrigin File(string name, long line) => new($"{name}:{line}", (int)line);

    /// <summary>An environment variable.</summary>
    /// <param name="variable">Its name.</param>
    public static SettingOrigin Environment(string variable) => new($"environment {variable}", int.MaxValue - 1);

    /// <summary>The command line.</summary>
    /// <param name="option">The option.</param>
    public static SettingOrigin CommandLine(string option) => new($"command line {option}", int.MaxValue);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
