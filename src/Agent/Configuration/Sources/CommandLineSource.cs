using Observe.Agent.Configuration.Keys;

namespace Observe.Agent.Configuration.Sources;

/// <summary>The command line: <c>--listen ADDRESS</c> and <c>--set KEY=VALUE</c>, each as often as wanted.</summary>
internal sealed class CommandLineSource(KeyTree tree, ICollection<ConfigurationError> errors)
{
    public IReadOnlyList<Setting> Read(IReadOnlyList<string> listen, IReadOnlyList<string> assignments)
    {
        var settings = new List<Setting>();
        if (listen.Count > 0)
        {
            var origin = SettingOrigin.CommandLine("--listen");
            settings.Add(new Setting("listen", origin, [.. listen.Select(each => new SettingItem(null, each, origin))]));
        }
        foreach (var assignment in assignments)
        {
            var equals = assignment.IndexOf('=', StringComparison.Ordinal);
            var path = equals < 0 ? assignment : assignment[..equals];
            var origin = SettingOrigin.CommandLine("--set");
            if (equals > 0 && tree.TryGetField(path, out var owner, out var field))
                settings.Add(new Setting(owner.Path, origin, [new SettingItem(field, assignment[(equals + 1)..], origin)]));
            else if (!tree.TryGetKey(path, out var key))
                errors.Add(new ConfigurationError(origin, path, tree.IsSection(path) ? "is a section: set the keys below it" : tree.Unknown(path)));
            else if (equals < 0)
                errors.Add(new ConfigurationError(origin, path, $"has no value; write --set {path}=VALUE"));
            else
                settings.Add(new Setting(path, origin, EnvironmentSource.Items(key, assignment[(equals + 1)..], origin)));
        }
        return settings;
    }
}
