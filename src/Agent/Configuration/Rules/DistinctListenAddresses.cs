using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Rules;

/// <summary>The same address twice could only fail to bind, with a message that blames another process.</summary>
internal sealed class DistinctListenAddresses : IConfigurationRule
{
    public IEnumerable<ConfigurationError> Check(ObserveOptions options, Func<string, SettingOrigin> originOf) => options.Listen
        .GroupBy(each => each)
        .Where(each => each.Count() > 1 && each.Key.Port != 0)
        .Select(each => new ConfigurationError(originOf("listen"), "listen", $"{each.Key} is listed twice; remove one"));
}
