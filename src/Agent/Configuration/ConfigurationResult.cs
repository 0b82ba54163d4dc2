using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration;

/// <summary>What loading the configuration came to.</summary>
/// <param name="Options">The options; not to be used if there are errors.</param>
/// <param name="Origins">Where each key that is not at its default was set.</param>
/// <param name="Errors">Everything that is wrong, in the order of the sources.</param>
public sealed record ConfigurationResult(
    ObserveOptions Options,
    IReadOnlyDictionary<string, SettingOrigin> Origins,
    IReadOnlyList<ConfigurationError> Errors);
