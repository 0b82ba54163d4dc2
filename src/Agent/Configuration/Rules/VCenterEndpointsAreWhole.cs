using System.Globalization;
using Observe.Agent.Configuration.Options;
using Observe.Collectors.VCenter;

namespace Observe.Agent.Configuration.Rules;

/// <summary>A vCenter has an address and credentials, is told from the others by its name, and is trusted for one reason.</summary>
internal sealed class VCenterEndpointsAreWhole : IConfigurationRule
{
    /// <summary>The key.</summary>
    public const string Path = "collectors.vcenter.endpoints";

    public IEnumerable<ConfigurationError> Check(ObserveOptions options, Func<string, SettingOrigin> originOf)
    {
        var endpoints = options.Collectors.VCenter.Endpoints;
        for (var i = 0; i < endpoints.Count; i++)
        {
            foreach (var (field, message) in Check(endpoints[i]))
                yield return Error(i, field, message);
            var name = endpoints[i].Name;
            if (name.Length > 0 && endpoints.Take(i).Any(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                yield return Error(i, "name", $"'{name}' is the name of another endpoint too, or its host: series and saved state go by it; give each its own");
        }

        ConfigurationError Error(int index, string field, string message)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{Path}.{index}");
            // Where the field is, else where the record begins, else where the key is.
            var origin = new[] { $"{at}.{field}", at, Path }.Select(originOf).FirstOrDefault(each => each != SettingOrigin.Default, SettingOrigin.Default);
            return new ConfigurationError(origin, string.Create(CultureInfo.InvariantCulture, $"{Path}[{index}].{field}"), message);
        }
    }

    private static IEnumerable<(string Field, string Message)> Check(VCenterEndpoint endpoint)
    {
        if (endpoint.Url is null)
            yield return ("url", "is not set; set it to https://HOST/sdk");
        if (endpoint is { Url.Scheme: "http", Insecure: false })
            yield return ("url", "is http: the password would be sent in the clear; use https, or set insecure: true");
        foreach (var (one, value, file) in new[] { ("username", endpoint.Username, endpoint.UsernameFile), ("password", endpoint.Password, endpoint.PasswordFile) })
        {
            if (value is null && file is null)
                yield return (one, $"is not set; set it, or {one}File to a file that has it");
            if (value is not null && file is not null)
                yield return (one, $"is set besides {one}File; set one of them");
        }
        if (endpoint is { Pin: not null, CaFile: not null })
            yield return ("pin", "is set besides caFile: a pinned certificate is accepted whoever signed it; set one of them");
        if (endpoint.Insecure && (endpoint.Pin ?? endpoint.CaFile) is not null)
            yield return ("insecure", "is true, so that pin and caFile mean nothing; remove it, or them");
    }
}
