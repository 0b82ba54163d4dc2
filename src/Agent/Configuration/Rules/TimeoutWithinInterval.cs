using Observe.Agent.Configuration.Keys;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Rules;

/// <summary>An export that may outlast the interval would meet the next one.</summary>
internal sealed class TimeoutWithinInterval : IConfigurationRule
{
    public IEnumerable<ConfigurationError> Check(ObserveOptions options, Func<string, SettingOrigin> originOf)
    {
        if (options.Otlp is { Timeout: { } timeout, Interval: { } interval } && timeout > interval)
        {
            yield return new ConfigurationError(
                originOf("otlp.timeout"), "otlp.timeout",
                $"{DurationText.Format(timeout)} is longer than otlp.interval, {DurationText.Format(interval)}; make it at most the interval");
        }
    }
}
