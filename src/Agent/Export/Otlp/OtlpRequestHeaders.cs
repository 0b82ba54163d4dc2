namespace Observe.Agent.Export.Otlp;

/// <summary>Headers that requests of both protocols carry.</summary>
internal static class OtlpRequestHeaders
{
    public static void Add(HttpRequestMessage request, OtlpOptions options)
    {
        // The specification's form, with our product in front of it. A User-Agent of the user's own replaces it.
        if (!options.Headers.Any(header => header.Key.Equals("user-agent", StringComparison.OrdinalIgnoreCase)))
            request.Headers.TryAddWithoutValidation("User-Agent", $"observe/{AgentVersion.Number} OTel-OTLP-Exporter-observe/{AgentVersion.Number}");
        foreach (var (name, value) in options.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
    }
}
