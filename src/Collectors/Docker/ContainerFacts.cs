using Observe.Collectors.Docker.Api;
using Observe.Collectors.Identity;

namespace Observe.Collectors.Docker;

/// <summary>What the engine knows of who a container is. Labels and environment variables only those that were asked for: there are secrets among them.</summary>
/// <param name="options">What was asked for.</param>
internal sealed class ContainerFacts(DockerOptions options)
{
    /// <summary>From what the engine says when it is asked.</summary>
    /// <param name="container">Its answer.</param>
    /// <param name="runtime">The engine.</param>
    public IdentityFacts Of(ContainerInspect container, string runtime)
    {
        var name = container.Name?.TrimStart('/');
        var attributes = new List<KeyValuePair<string, string>>(8) { new("container.id", container.Id) };
        Add(attributes, "container.name", name);
        Add(attributes, "container.runtime.name", runtime);
        Add(attributes, "container.image.name", container.Config?.Image);
        Add(attributes, "container.image.id", container.Image);
        Add(attributes, "container.hostname", container.Config?.Hostname);
        AddLabels(attributes, container.Config?.Labels);
        AddEnvironment(attributes, container.Config?.Env);
        return new IdentityFacts(name, attributes);
    }

    /// <summary>From an event, for a container that was gone before it could be asked about.</summary>
    /// <param name="id">Its full id.</param>
    /// <param name="event">What the event says of it: its name, its image, and its labels among them.</param>
    /// <param name="runtime">The engine.</param>
    public IdentityFacts Of(string id, IReadOnlyDictionary<string, string> @event, string runtime)
    {
        var name = @event.GetValueOrDefault("name");
        var attributes = new List<KeyValuePair<string, string>>(4) { new("container.id", id) };
        Add(attributes, "container.name", name);
        Add(attributes, "container.runtime.name", runtime);
        Add(attributes, "container.image.name", @event.GetValueOrDefault("image"));
        AddLabels(attributes, @event);
        return new IdentityFacts(name, attributes);
    }

    private void AddLabels(List<KeyValuePair<string, string>> attributes, IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var key in options.Labels)
            Add(attributes, $"container.label.{key}", labels?.GetValueOrDefault(key));
    }

    private void AddEnvironment(List<KeyValuePair<string, string>> attributes, IReadOnlyList<string>? variables)
    {
        foreach (var key in options.Environment)
        {
            var found = variables?.FirstOrDefault(each => each.Length > key.Length && each[key.Length] == '=' && each.StartsWith(key, StringComparison.Ordinal));
            Add(attributes, $"container.env.{key}", found?[(key.Length + 1)..]);
        }
    }

    private static void Add(List<KeyValuePair<string, string>> attributes, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            attributes.Add(new(key, value));
    }
}
