using Observe.Agent.Configuration;
using Observe.Agent.Configuration.Keys;
using Observe.Collectors.VCenter;

namespace Observe.Agent.Tests.Configuration;

public sealed class VCenterConfigurationTests : IDisposable
{
    private const string Pin = "12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC:DE:F0";

    private readonly string file = Path.Combine(Path.GetTempPath(), $"observe-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Load_Endpoints_AreRead()
    {
        var result = Load($$"""
            collectors:
              vcenter:
                endpoints:
                  - url: https://vc.example/sdk
                    username: reader@vsphere.local
                    passwordFile: vcenter-password
                    caFile: /etc/observe/vc.pem
                  - {name: lab, url: https://10.0.0.1, usernameFile: /run/user, password: s3cret, pin: "{{Pin}}", proxy: "http://me:pr0xy@proxy.example:3128", insecure: null}
                stateDirectory: /srv/observe
                performance: { interval: 1m }
            """);

        result.Errors.ShouldBeEmpty();
        result.Options.Collectors.VCenter.Endpoints.ShouldBe(
        [
            new VCenterEndpoint(new Uri("https://vc.example/sdk")) { Username = "reader@vsphere.local", PasswordFile = "vcenter-password", CaFile = "/etc/observe/vc.pem" },
            new VCenterEndpoint(new Uri("https://10.0.0.1")) { Name = "lab", UsernameFile = "/run/user", Password = "s3cret", Pin = Pin, Proxy = new Uri("http://me:pr0xy@proxy.example:3128") },
        ]);
        (result.Options.Collectors.VCenter.StateDirectory, result.Options.Collectors.VCenter.Performance.Interval).ShouldBe(("/srv/observe", TimeSpan.FromMinutes(1)));
        result.Options.Collectors.VCenter.Endpoints.Select(each => each.Name).ShouldBe(["vc.example", "lab"]);
        result.Options.Collectors.VCenter.Endpoints.Select(each => each.ApiUrl.ToString()).ShouldBe(["https://vc.example/sdk", "https://10.0.0.1/sdk"]);
    }

    [Fact]
    public void Load_EnvironmentAndCommandLine_OverrideFieldsAndAddRecords()
    {
        const string Variable = "OBSERVE_COLLECTORS__VCENTER__ENDPOINTS__";
        var environment = new Dictionary<string, string>
        {
            [$"{Variable}0__PASSWORD"] = "s3cret, with = and ,",
            [$"{Variable}0__USERNAME"] = "",
        };
        for (var i = 1; i < 12; i++)
        {
            environment[$"{Variable}{i}__URL"] = $"https://vc{i}.example/sdk";
            environment[$"{Variable}{i}__USERNAME"] = $"reader{i}";
            environment[$"{Variable}{i}__PASSWORDFILE"] = "vc";
        }

        var result = Load("collectors: {vcenter: {endpoints: [{url: https://vc.example/sdk, username: reader}]}}", environment, ["collectors.vcenter.endpoints.0.name=main"]);

        result.Errors.ShouldBeEmpty();
        var endpoints = result.Options.Collectors.VCenter.Endpoints;
        endpoints.Count.ShouldBe(12);
        (endpoints[0].Name, endpoints[0].Username, endpoints[0].Password).ShouldBe(("main", "reader", "s3cret, with = and ,"));
        (endpoints[11].Url, endpoints[11].Username).ShouldBe((new Uri("https://vc11.example/sdk"), "reader11"));
    }

    [Fact]
    public void Load_EverythingWrongAtOnce_SaysItAllAndShowsNoSecret()
    {
        var result = Load("""
            collectors:
              vcenter:
                endpoints:
                  - url: ftp://vc
                    usrname: reader
                    insecure: yes
                  - {url: "https://me:s3cret@vc/sdk", pin: abc, caFile: vc.pem, password: [s3cret], url: x}
                  - just text
                  - {}
                  - {proxy: "htp://me:s3cret@proxy", passwordFile: a/b}
            """,
            new()
            {
                ["OBSERVE_COLLECTORS__VCENTER__ENDPOINTS"] = "https://vc",
                ["OBSERVE_COLLECTORS__VCENTER__ENDPOINTS__0__PASWORD"] = "s3cret",
                ["OBSERVE_COLLECTORS__VCENTER__ENDPOINTS__7__URL"] = "https://vc",
            });

        result.Errors.Select(each => each.ToString().Replace(file, "observe.yaml", StringComparison.Ordinal)).ShouldBe(
        [
            "observe.yaml:4: collectors.vcenter.endpoints[0].url: 'ftp://vc' is not an https URL without a user's name, such as https://vc.example/sdk",
            "observe.yaml:5: collectors.vcenter.endpoints[0].usrname: unknown key; did you mean username?",
            "observe.yaml:6: collectors.vcenter.endpoints[0].insecure: 'yes' is not true or false",
            "observe.yaml:7: collectors.vcenter.endpoints[1].password: must be a single value",
            "observe.yaml:7: collectors.vcenter.endpoints[1].url: is set twice",
            "observe.yaml:7: collectors.vcenter.endpoints[1].url: the value is not an https URL without a user's name, such as https://vc.example/sdk",
            "observe.yaml:7: collectors.vcenter.endpoints[1].pin: 'abc' is not the SHA-256 of a certificate, as openssl x509 -fingerprint -sha256 prints it",
            "observe.yaml:7: collectors.vcenter.endpoints[1].caFile: 'vc.pem' is not an absolute path",
            "observe.yaml:8: collectors.vcenter.endpoints: must be a list of endpoints, each with url, username and password or passwordFile, not a single value",
            "observe.yaml:9: collectors.vcenter.endpoints[3]: is empty; it needs name, url, username, usernameFile, password, passwordFile, caFile, pin, insecure, proxy",
            "observe.yaml:10: collectors.vcenter.endpoints[4].proxy: there are only 2 before it",
            "observe.yaml:10: collectors.vcenter.endpoints[4].passwordFile: there are only 2 before it",
            "environment OBSERVE_COLLECTORS__VCENTER__ENDPOINTS__0__PASWORD: unknown variable; did you mean OBSERVE_COLLECTORS__VCENTER__ENDPOINTS__0__PASSWORD?",
            "environment OBSERVE_COLLECTORS__VCENTER__ENDPOINTS: collectors.vcenter.endpoints: is set field by field here, as collectors.vcenter.endpoints.0.name",
            "environment OBSERVE_COLLECTORS__VCENTER__ENDPOINTS__7__URL: collectors.vcenter.endpoints[7].url: there are only 2 before it",
        ], ignoreOrder: true);
        string.Join('\n', result.Errors).ShouldNotContain("s3cret");
    }

    [Fact]
    public void Load_EndpointsThatCannotWork_SaysWhatIsMissingAndWhere()
    {
        var result = Load("""
            collectors:
              vcenter:
                endpoints:
                  - {url: https://vc/sdk, username: a, password: b}
                  - {url: https://VC:8443/sdk, username: a, usernameFile: /a, pin: "%PIN%", caFile: /ca.pem}
                  - {url: http://lab/sdk, passwordFile: a, username: a}
                  - {username: a, password: b, insecure: true, caFile: /ca.pem}
            """.Replace("%PIN%", Pin, StringComparison.Ordinal));

        result.Errors.Select(each => each.ToString().Replace(file, "observe.yaml", StringComparison.Ordinal)).ShouldBe(
        [
            "observe.yaml:5: collectors.vcenter.endpoints[1].username: is set besides usernameFile; set one of them",
            "observe.yaml:5: collectors.vcenter.endpoints[1].password: is not set; set it, or passwordFile to a file that has it",
            "observe.yaml:5: collectors.vcenter.endpoints[1].pin: is set besides caFile: a pinned certificate is accepted whoever signed it; set one of them",
            "observe.yaml:5: collectors.vcenter.endpoints[1].name: 'vc' is the name of another endpoint too, or its host: series and saved state go by it; give each its own",
            "observe.yaml:6: collectors.vcenter.endpoints[2].url: is http: the password would be sent in the clear; use https, or set insecure: true",
            "observe.yaml:7: collectors.vcenter.endpoints[3].url: is not set; set it to https://HOST/sdk",
            "observe.yaml:7: collectors.vcenter.endpoints[3].insecure: is true, so that pin and caFile mean nothing; remove it, or them",
        ]);
    }

    [Fact]
    public void Print_Endpoints_RedactsSecretsAndReadsBackAsTheSame()
    {
        var loaded = Load("""
            collectors: {vcenter: {endpoints: [{url: https://vc/sdk, username: "a b", password: s3cret, proxy: "http://me:s3cret@proxy:3128"}, {name: "x:y", url: "https://[fd00::1]:8443/sdk", username: a, passwordFile: b, pin: "%PIN%"}]}}
            """.Replace("%PIN%", Pin, StringComparison.Ordinal));
        loaded.Errors.ShouldBeEmpty();

        var printed = EffectiveConfiguration.Format(loaded);
        var again = Load(printed.Replace("proxy: \"[redacted]\"", "proxy: \"http://proxy:3128\"", StringComparison.Ordinal));

        printed.ShouldNotContain("s3cret");
        printed.ShouldContain("password: \"[redacted]\"");
        again.Errors.ShouldBeEmpty();
        again.Options.Collectors.VCenter.Endpoints[1].ShouldBe(loaded.Options.Collectors.VCenter.Endpoints[1]);
        again.Options.Collectors.VCenter.Endpoints[0].ShouldBe(loaded.Options.Collectors.VCenter.Endpoints[0] with { Password = "[redacted]", Proxy = new Uri("http://proxy:3128") });
    }

    private ConfigurationResult Load(string yaml, Dictionary<string, string>? environment = null, IReadOnlyList<string>? assignments = null)
    {
        File.WriteAllText(file, yaml);
        var result = ConfigurationLoader.Load(new ConfigurationSources { File = file, Environment = environment ?? [], Assignments = assignments ?? [] });
        Agreement.Check(yaml, result);
        return result;
    }
}
