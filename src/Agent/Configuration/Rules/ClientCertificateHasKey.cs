using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Rules;

/// <summary>A client certificate and its key make sense only together.</summary>
internal sealed class ClientCertificateHasKey : IConfigurationRule
{
    public IEnumerable<ConfigurationError> Check(ObserveOptions options, Func<string, SettingOrigin> originOf) =>
    [
        .. Check("otlp.clientCertificate", options.Otlp.ClientCertificate, "otlp.clientKey", options.Otlp.ClientKey, originOf),
        .. Check("collectors.docker.certificate", options.Collectors.Docker.Certificate, "collectors.docker.key", options.Collectors.Docker.Key, originOf),
    ];

    private static IEnumerable<ConfigurationError> Check(string certificatePath, string? certificate, string keyPath, string? key, Func<string, SettingOrigin> originOf)
    {
        if (certificate is not null && key is null)
            yield return new ConfigurationError(originOf(certificatePath), certificatePath, $"is set without {keyPath}; set both or neither");
        if (certificate is null && key is not null)
            yield return new ConfigurationError(originOf(keyPath), keyPath, $"is set without {certificatePath}; set both or neither");
    }
}
