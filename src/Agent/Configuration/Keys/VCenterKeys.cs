using Observe.Agent.Configuration.Options;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Performance;
using static Observe.Agent.Configuration.Keys.ValueKinds;

namespace Observe.Agent.Configuration.Keys;

/// <summary>The keys of vCenters.</summary>
internal static class VCenterKeys
{
    /// <summary>All of them.</summary>
    /// <param name="timeout">Of deadlines.</param>
    public static ConfigurationKey[] All(ValueKind<TimeSpan> timeout) =>
    [
        new RecordsKey<VCenterEndpoint>("collectors.vcenter.endpoints", "a list of endpoints, each with url, username and password or passwordFile", Fields, () => new VCenterEndpoint(),
            o => o.Collectors.VCenter.Endpoints, (o, v) => With(o, o.Collectors.VCenter with { Endpoints = v }),
            "vCenters and ESXi hosts that are followed, each with `url`, `username`, `passwordFile` and more (docs/vcenter.md)"),
        new ScalarKey<string?>("collectors.vcenter.stateDirectory", AbsolutePath, o => o.Collectors.VCenter.StateDirectory, (o, v) => With(o, o.Collectors.VCenter with { StateDirectory = v! }),
            "Where it is kept which events of a vCenter have been taken, over restarts"),
        new ScalarKey<TimeSpan>("collectors.vcenter.timeout", timeout, o => o.Collectors.VCenter.Timeout, (o, v) => With(o, o.Collectors.VCenter with { Timeout = v }),
            "How long a vCenter may take to answer one request, besides what it was asked to wait"),
        new ScalarKey<bool>("collectors.vcenter.performance.enabled", Switch, o => o.Collectors.VCenter.Performance.Enabled, (o, v) => With(o, o.Collectors.VCenter.Performance with { Enabled = v }),
            "Whether every 20 s sample of virtual machines and hosts is fetched"),
        new ScalarKey<TimeSpan>("collectors.vcenter.performance.interval", Duration(TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(30)), o => o.Collectors.VCenter.Performance.Interval, (o, v) => With(o, o.Collectors.VCenter.Performance with { Interval = v }),
            "Time between two rounds of requests, in which every sample is fetched that was taken meanwhile"),
        new ScalarKey<bool>("collectors.vcenter.performance.instances", Switch, o => o.Collectors.VCenter.Performance.Instances, (o, v) => With(o, o.Collectors.VCenter.Performance with { Instances = v }),
            "Whether single vCPUs, network cards and disks are exported beside the totals"),
        new ScalarKey<bool>("collectors.vcenter.performance.detail", Switch, o => o.Collectors.VCenter.Performance.Detail, (o, v) => With(o, o.Collectors.VCenter.Performance with { Detail = v }),
            "Whether everything is exported that is sampled, and not only what is looked at most"),
        new ScalarKey<int?>("collectors.vcenter.performance.maxQueryMetrics", Optional(Count(1, 1 << 16)), o => o.Collectors.VCenter.Performance.MaxQueryMetrics, (o, v) => With(o, o.Collectors.VCenter.Performance with { MaxQueryMetrics = v }),
            "The most metrics in one request; if unset, as many as the vCenter's own setting allows"),
    ];

    private static ValueKind<string> Name => new(
        "a name of at most 253 printable characters without spaces",
        ValueForm.Matching(@"^\S{1,253}$"),
        text => text.Length is > 0 and <= 253 && !text.Any(each => char.IsWhiteSpace(each) || char.IsControl(each)) ? new(true, text) : new(false, ""),
        text => text);

    private static ValueKind<string> Text => new("a text", ValueForm.Matching(@"[\s\S]"), text => text.Length > 0 ? new(true, text) : new(false, ""), text => text);

    /// <summary>No user's name and no query: the address is shown in logs and rows.</summary>
    private static ValueKind<Uri> Url => new(
        "an https URL without a user's name, such as https://vc.example/sdk",
        ValueForm.Matching("^[Hh][Tt][Tt][Pp][Ss]?://[^@/?#]+(/[^?#]*)?$"),
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "https" or "http", Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" } ? new(true, url) : new(false, null!),
        url => url.OriginalString);

    private static ValueKind<Uri> ProxyUrl => new(
        "the http URL of a proxy, such as http://proxy.example:3128",
        ValueForm.Matching("^[Hh][Tt][Tt][Pp][Ss]?://[^?#]+$"),
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Host.Length: > 0, Query: "", Fragment: "" } ? new(true, url) : new(false, null!),
        url => url.OriginalString);

    private static ValueKind<string> File => new("an absolute path", ValueForm.Matching("^/"), text => text.StartsWith('/') ? new(true, text) : new(false, ""), text => text);

    private static ValueKind<string> Pin => new(
        "the SHA-256 of a certificate, as openssl x509 -fingerprint -sha256 prints it",
        ValueForm.Matching(@"^([^=]*=)?\s*:*([0-9A-Fa-f]:*){64}\s*$"),
        text => VCenterEndpoint.TryParsePin(text, out _) ? new(true, text) : new(false, ""),
        text => text);

    private static RecordField<VCenterEndpoint>[] Fields =>
    [
        RecordField<VCenterEndpoint>.Of("name", Name, e => e.Name == e.Url?.Host || e.Name.Length == 0 ? null : e.Name, (e, v) => e with { Name = v }),
        RecordField<VCenterEndpoint>.Of("url", Url, e => e.Url, (e, v) => e with { Url = v }) with { Hides = HasUser },
        RecordField<VCenterEndpoint>.Of("username", Text, e => e.Username, (e, v) => e with { Username = v }),
        RecordField<VCenterEndpoint>.Of("usernameFile", SecretFile!, e => e.UsernameFile, (e, v) => e with { UsernameFile = v }),
        RecordField<VCenterEndpoint>.Of("password", Text, e => e.Password, (e, v) => e with { Password = v }) with { Hides = _ => true },
        RecordField<VCenterEndpoint>.Of("passwordFile", SecretFile!, e => e.PasswordFile, (e, v) => e with { PasswordFile = v }),
        RecordField<VCenterEndpoint>.Of("caFile", File, e => e.CaFile, (e, v) => e with { CaFile = v }),
        RecordField<VCenterEndpoint>.Of("pin", Pin, e => e.Pin, (e, v) => e with { Pin = v }),
        RecordField<VCenterEndpoint>.Of<bool?>("insecure", Optional(Switch), e => e.Insecure ? true : null, (e, v) => e with { Insecure = v == true }),
        RecordField<VCenterEndpoint>.Of("proxy", ProxyUrl, e => e.Proxy, (e, v) => e with { Proxy = v }) with { Hides = HasUser },
    ];

    private static bool HasUser(string text) => text.Contains('@', StringComparison.Ordinal);

    private static ObserveOptions With(ObserveOptions options, PerformanceOptions performance) =>
        With(options, options.Collectors.VCenter with { Performance = performance });

    private static ObserveOptions With(ObserveOptions options, VCenterOptions vcenter) =>
        options with { Collectors = options.Collectors with { VCenter = vcenter } };
}
