namespace Observe.Agent.Configuration;

/// <summary>Where a value was set.</summary>
/// <param name="Text">For people: <c>observe.yaml:12</c>, <c>environment OBSERVE_LISTEN</c>, <c>command line --listen</c>.</param>
public readonly record struct SettingOrigin(string Text)
{
    /// <summary>Nobody set it.</summary>
    public static SettingOrigin Default { get; } = new("default");

    /// <inheritdoc/>
    public override string ToString() => Text;
}
