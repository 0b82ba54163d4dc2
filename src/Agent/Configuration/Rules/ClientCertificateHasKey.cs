using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Rules;

/// <summary>A client certificate and its key make sense only together.</summary>
internal sealed class ClientCertificateHasKey : IConfigurationRule
{
    public IEnumerable<ConfigurationError> Check(ObserveOptions options, Func<string, SettingOrigin> originOf)
    {
        if (options.Otlp is { ClientCertificate: not null, ClientKey: null })
            yield return new ConfigurationError(originOf("otlp.clientCertificate"), "otlp.clientCertificate", "is set without otlp.clientKey; set both or neither");
        if (options.Otlp is { ClientCertificate: null, ClientKey: not null })
            yield return new ConfigurationError(originOf("otlp.clientKey"), "otlp.clientKey", "is set without otlp.clientCertificate; set both or neither");
    }
}
