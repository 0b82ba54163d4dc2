using Observe.Agent.Configuration.Keys;
using Observe.Agent.Configuration.Options;
using Observe.Agent.Configuration.Rules;
using Observe.Agent.Configuration.Sources;
using Observe.Agent.Export.Otlp;
using Observe.Collectors;

namespace Observe.Agent.Configuration;

/// <summary>Reads all sources, lays the stronger over the weaker, and finds everything that is wrong in one go.</summary>
public static class ConfigurationLoader
{
    private static readonly KeyTree Tree = new(ConfigurationSchema.Keys);

    /// <summary>What no single key can know; each rule checks one thing.</summary>
    private static readonly IConfigurationRule[] Rules = [new DistinctListenAddresses(), new ClientCertificateHasKey(), new HeaderNamesAreTokens()];

    /// <summary>Loads the configuration. Never throws for what users can get wrong: that is in the result.</summary>
    /// <param name="sources">Where from.</param>
    public static ConfigurationResult Load(ConfigurationSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var errors = new List<ConfigurationError>();
        List<Setting> settings =
        [
            .. ReadFile(sources.File, errors),
            .. new EnvironmentSource(Tree, ConfigurationSchema.Keys, errors).Read(sources.Environment),
            .. new CommandLineSource(Tree, errors).Read(sources.Listen, sources.Assignments),
        ];

        var options = new ObserveOptions();
        var origins = new Dictionary<string, SettingOrigin>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            Tree.TryGetKey(setting.Path, out var key);
            // A value that a stronger source overrides must be right too: the override may go away.
            options = key.Apply(options, setting, errors);
            origins[setting.Path] = setting.Origin;
            if (key.Shape == KeyShape.Records)
            {
                foreach (var item in setting.Items.Where(each => each.Name is not null))
                {
                    origins[KeyTree.Join(setting.Path, item.Name!)] = item.Origin;
                    origins.TryAdd(KeyTree.Join(setting.Path, item.Name!.Split('.')[0]), item.Origin);
                }
            }
        }
        foreach (var rule in Rules)
            errors.AddRange(rule.Check(options, path => origins.GetValueOrDefault(path, SettingOrigin.Default)));
        // Of what could not be read nothing can be said to be missing.
        if (!errors.Exists(each => each.Path.StartsWith(VCenterEndpointsAreWhole.Path, StringComparison.Ordinal)))
            errors.AddRange(new VCenterEndpointsAreWhole().Check(options, path => origins.GetValueOrDefault(path, SettingOrigin.Default)));
        var section = WithHeadersFile(options.Otlp, sources.Environment, origins, errors);
        var otlp = LoadOtlp(OtlpOptions.FromFile(section), sources.Environment, errors);
        var traces = LoadOtlp(OtlpOptions.FromFile(section, options.Traces), sources.Environment, errors);
        return new ConfigurationResult(options, otlp, traces, origins, [.. errors.OrderBy(each => each.Origin.Order)]);
    }

    private static OtlpOptions LoadOtlp(OtlpOptions file, IReadOnlyDictionary<string, string> environment, List<ConfigurationError> errors)
    {
        var found = new List<string>();
        var otlp = OtlpOptions.FromEnvironment(file, name => environment.GetValueOrDefault(name), found);
        // What the file's section got wrong has been said with its line.
        if (!errors.Exists(each => each.Path.StartsWith("otlp.", StringComparison.Ordinal)))
            // What both signals read is complained of once.
            errors.AddRange(found.Select(each => new ConfigurationError(SettingOrigin.Otlp, "", each)).Where(each => !errors.Contains(each)).ToArray());
        return otlp;
    }

    /// <summary>The headers of the file beside those of the section. What is in either is set once.</summary>
    private static OtlpFileOptions WithHeadersFile(
        OtlpFileOptions otlp, IReadOnlyDictionary<string, string> environment, Dictionary<string, SettingOrigin> origins, List<ConfigurationError> errors)
    {
        const string Path = "otlp.headersFile";
        if (otlp.HeadersFile is null)
            return otlp;
        var read = OtlpHeadersFile.Read(otlp.HeadersFile, environment.GetValueOrDefault(SystemdCredential.DirectoryVariable), out var complaints);
        var headers = new Dictionary<string, string>(otlp.Headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in read)
        {
            if (!headers.TryAdd(name, value))
                complaints.Add("has a header that otlp.headers has, too; set it in one of them");
        }
        errors.AddRange(complaints.Select(each => new ConfigurationError(origins.GetValueOrDefault(Path, SettingOrigin.Default), Path, each)));
        return otlp with { Headers = headers };
    }

    private static IReadOnlyList<Setting> ReadFile(string? file, List<ConfigurationError> errors)
    {
        if (file is null)
            return [];
        try
        {
            using var text = new StreamReader(file);
            return new YamlSource(file, Tree, errors).Read(text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigurationError(new SettingOrigin(file), "", $"cannot read the configuration file: {WhyUnreadable(file, error)}"));
            return [];
        }
    }

    private static string WhyUnreadable(string file, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file; check --config or OBSERVE_CONFIG",
        _ when Directory.Exists(file) => "it is a directory; name the file in it with --config or OBSERVE_CONFIG",
        UnauthorizedAccessException => $"permission denied; make it readable for the user '{Environment.UserName}', whom the agent runs as",
        _ => $"{error.Message.TrimEnd('.')}; check --config or OBSERVE_CONFIG",
    };
}
