using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Rules;

/// <summary>One thing that must hold among the keys.</summary>
internal interface IConfigurationRule
{
    /// <summary>Says where it does not.</summary>
    /// <param name="options">The options.</param>
    /// <param name="originOf">Where a key was set.</param>
    IEnumerable<ConfigurationError> Check(ObserveOptions options, Func<string, SettingOrigin> originOf);
}
