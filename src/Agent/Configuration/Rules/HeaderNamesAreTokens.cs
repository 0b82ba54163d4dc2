using System.Buffers;
using Observe.Agent.Configuration.Options;

namespace Observe.Agent.Configuration.Rules;

/// <summary>Header names are RFC 9110 tokens, and values hold no control characters, or every request would fail.</summary>
internal sealed class HeaderNamesAreTokens : IConfigurationRule
{
    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public IEnumerable<ConfigurationError> Check(ObserveOptions options, Func<string, SettingOrigin> originOf)
    {
        foreach (var (name, value) in options.Otlp.Headers ?? new Dictionary<string, string>())
        {
            if (name.AsSpan().ContainsAnyExcept(Token))
                yield return new ConfigurationError(originOf("otlp.headers"), "otlp.headers", $"'{name}' is not a header name: letters, digits and !#$%&'*+-.^_`|~ only");
            if (value.Any(char.IsControl))
                yield return new ConfigurationError(originOf("otlp.headers"), "otlp.headers", $"the value of {name} holds a control character, perhaps a line end from a file; remove it");
        }
    }
}
