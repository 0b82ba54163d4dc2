using Observe.Agent.Configuration;

namespace Observe.Agent.Commands;

/// <summary>Shows what is wrong with the configuration: all of it at once.</summary>
internal static class ConfigurationErrors
{
    /// <returns>True if there was anything to show.</returns>
    public static bool Print(ConfigurationResult configuration, TextWriter error)
    {
        foreach (var each in configuration.Errors)
            error.WriteLine($"observe: {each}");
        if (configuration.Errors.Count > 0)
            error.WriteLine($"observe: not started: the configuration has {configuration.Errors.Count} error{(configuration.Errors.Count == 1 ? "" : "s")}");
        return configuration.Errors.Count > 0;
    }
}
