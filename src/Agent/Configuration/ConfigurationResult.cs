using Observe.Agent.Configuration.Options;
using Observe.Agent.Export.Otlp;

namespace Observe.Agent.Configuration;

/// <summary>What loading the configuration came to.</summary>
/// <param name="Options">The options; not to be used if there are errors.</param>
/// <param name="Otlp">The OTLP export: the file's section, with the standard <c>OTEL_*</c> variables over it.</param>
/// <param name="Traces">The export of spans, likewise.</param>
/// <param name="Origins">Where each key that is not at its default was set.</param>
/// <param name="Errors">Everything that is wrong, in the order of the sources.</param>
public sealed record ConfigurationResult(
    ObserveOptions Options,
    OtlpOptions Otlp,
    OtlpOptions Traces,
    IReadOnlyDictionary<string, SettingOrigin> Origins,
    IReadOnlyList<ConfigurationError> Errors);
