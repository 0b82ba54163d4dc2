using Microsoft.Extensions.Logging;
using Observe.Agent.Configuration;
using Observe.Agent.Configuration.Keys;
using Observe.Agent.Configuration.Options;
using Observe.Collectors.Kubernetes;

namespace Observe.Agent.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"observe-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Load_Nothing_IsTheDefaults()
    {
        var result = ConfigurationLoader.Load(new ConfigurationSources());

        result.Errors.ShouldBeEmpty();
        result.Origins.ShouldBeEmpty();
        result.Options.Listen.ShouldBe([new ListenAddress("127.0.0.1", 9464)]);
        result.Options.Workloads.Max.ShouldBe(4096);
        result.Options.Otlp.Endpoint.ShouldBeNull();
    }

    [Fact]
    public void Load_EverythingWrongAtOnce_SaysItAllInOrder()
    {
        var result = Load("""
            listen: [127.0.0.1:99999, "::1:80"]
            log: {levl: debug, format: xml}
            collectors:
              sched:
                enabld: true
                throttle: cloc
                enabled: yes
              cgroup: yes
              dokcer: {endpoint: x}
            otlp: {endpoint: ftp://x, timeout: 15, headers: {a b: s3cret}, clientKey: /k, protocol: [grpc]}
            workloads: {max: 0}
            workloads: 3
            """,
            new() { ["OBSERVE_LOG__LEVEL"] = "loud", ["OBSERVE_COLLECTORS__SCHED__SLOT"] = "1" },
            ["collectors.sched=1", "log.format"]);

        result.Errors.Select(each => each.ToString().Replace(file, "observe.yaml", StringComparison.Ordinal)).ShouldBe(
        [
            "observe.yaml:1: listen: '127.0.0.1:99999' is not an address to listen on, such as 127.0.0.1:9464, [::1]:9464, :9464 (all addresses) or unix:/run/observe.sock",
            "observe.yaml:1: listen: '::1:80' is not an address to listen on, such as 127.0.0.1:9464, [::1]:9464, :9464 (all addresses) or unix:/run/observe.sock",
            "observe.yaml:2: log.levl: unknown key; did you mean log.level?",
            "observe.yaml:2: log.format: 'xml' is not text or json",
            "observe.yaml:5: collectors.sched.enabld: unknown key; did you mean collectors.sched.enabled?",
            "observe.yaml:6: collectors.sched.throttle: 'cloc' is not auto, task, clock, fentry, kprobe or off; did you mean clock?",
            "observe.yaml:7: collectors.sched.enabled: 'yes' is not true or false",
            "observe.yaml:8: collectors.cgroup: is a section: it needs keys below it, not a value",
            "observe.yaml:9: collectors.dokcer: unknown key; did you mean collectors.docker?",
            "observe.yaml:10: otlp.protocol: must be http/protobuf or grpc, not a list",
            "observe.yaml:10: otlp.endpoint: 'ftp://x' is not an http or https URL, such as http://127.0.0.1:4318",
            "observe.yaml:10: otlp.timeout: '15' is not a duration from 100ms to 5m, such as 250ms, 15s or 1m30s",
            "observe.yaml:10: otlp.clientKey: is set without otlp.clientCertificate; set both or neither",
            "observe.yaml:10: otlp.headers: 'a b' is not a header name: letters, digits and !#$%&'*+-.^_`|~ only",
            "observe.yaml:11: workloads.max: '0' is not a whole number from 1 to 1048576",
            "observe.yaml:12: workloads: is set twice, first in line 11",
            "environment OBSERVE_COLLECTORS__SCHED__SLOT: unknown variable; did you mean OBSERVE_COLLECTORS__SCHED__SLOTS?",
            "environment OBSERVE_LOG__LEVEL: log.level: 'loud' is not debug, info, warning or error",
            "command line --set: collectors.sched: is a section: set the keys below it",
            "command line --set: log.format: has no value; write --set log.format=VALUE",
        ]);
        string.Join('\n', result.Errors).ShouldNotContain("s3cret");
    }

    [Fact]
    public void Load_AllSources_EnvironmentOverridesFileAndCommandLineOverridesBoth()
    {
        var result = Load("log: {level: debug, format: json}\nworkloads: {max: 10}\ncollectors: {sched: {enabled: true}}",
            new() { ["OBSERVE_LOG__LEVEL"] = "warning", ["OBSERVE_COLLECTORS__SCHED__ENABLED"] = "false", ["OBSERVE_WORKLOADS__MAX"] = "" },
            ["log.level=error"]);

        result.Errors.ShouldBeEmpty();
        result.Options.Log.ShouldBe(new LogOptions { Level = LogLevel.Error, Format = LogFormat.Json });
        result.Options.Collectors.Sched.Enabled.ShouldBeFalse();
        result.Options.Workloads.Max.ShouldBe(10, "an empty variable is an unset one");
        result.Origins["log.level"].ToString().ShouldBe("command line --set");
        result.Origins["log.format"].ToString().ShouldBe($"{file}:1");
        result.Origins["collectors.sched.enabled"].ToString().ShouldBe("environment OBSERVE_COLLECTORS__SCHED__ENABLED");
        result.Origins.ContainsKey("listen").ShouldBeFalse();
    }

    [Fact]
    public void Load_KubernetesServiceLinks_AreNotTakenForKeys()
    {
        var result = Load("", new()
        {
            ["OBSERVE_SERVICE_HOST"] = "10.0.0.1",
            ["OBSERVE_SERVICE_PORT"] = "9464",
            ["OBSERVE_SERVICE_PORT_HTTP_METRICS"] = "9464",
            ["OBSERVE_PORT"] = "tcp://10.0.0.1:9464",
            ["OBSERVE_PORT_9464_TCP"] = "tcp://10.0.0.1:9464",
            ["OBSERVE_PORT_9464_TCP_ADDR"] = "10.0.0.1",
            ["OBSERVE_WEB_UI_SERVICE_HOST"] = "10.0.0.2",
            ["OBSERVE_WEB_UI_PORT_80_TCP_PROTO"] = "tcp",
            ["OBSERVE_CONFIG"] = "/etc/observe.yaml",
        });

        result.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("listen: [127.0.0.1:1\nlog: {}", ":1: not YAML from here on; look for a bracket")]
    [InlineData("- a\n- b", ":1: the file must be a mapping of keys to values")]
    [InlineData("log: &x {level: info}\nworkloads: *x", ":2: workloads: is a section")]
    [InlineData("log: {level: info}\n---\nlog: {}", ":2: a second document")]
    [InlineData("\tlog: 1", ":1:")]
    public void Load_NotAConfiguration_IsAnErrorWithItsLine(string yaml, string expected)
    {
        var result = Load(yaml);
        result.Errors.ShouldNotBeEmpty();
        result.Errors[0].ToString().ShouldStartWith(file + expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("log:\ncollectors: {sched: ~, cgroup: {root: null}}\n")]
    public void Load_NothingSet_IsTheDefaults(string yaml)
    {
        var result = Load(yaml);
        result.Errors.ShouldBeEmpty();
        result.Options.Collectors.ShouldBe(new CollectorsOptions());
    }

    [Fact]
    public void Load_NoSuchFile_SaysSo()
    {
        var result = ConfigurationLoader.Load(new ConfigurationSources { File = "/nowhere/observe.yaml" });
        result.Errors.ShouldHaveSingleItem().ToString().ShouldBe(
            "/nowhere/observe.yaml: cannot read the configuration file: there is no such file; check --config or OBSERVE_CONFIG");
    }

    [Fact]
    public void Print_Everything_RedactsSecretsAndReadsBackAsTheSame()
    {
        const string Yaml = """
            listen: ["[::1]:9464", unix:/run/observe.sock]
            otlp:
              endpoint: https://otlp.example:4318/a?b=c#d
              headers: {api-key: s3cret, "x-other": "t: 0"}
              interval: 1m30s
            collectors: {timeout: 2500ms, cgroup: {root: "/mnt/with space/cgroup"}}
            """;
        var loaded = Load(Yaml);
        loaded.Errors.ShouldBeEmpty();

        var printed = EffectiveConfiguration.Format(loaded);
        var again = Load(printed);

        printed.ShouldNotContain("s3cret");
        printed.ShouldContain("api-key: \"[redacted]\"");
        printed.ShouldContain($"# {file}:1\n");
        printed.ShouldContain("level: info");
        again.Errors.ShouldBeEmpty();
        foreach (var key in ConfigurationSchema.Keys.Where(each => !each.IsSecret))
            key.Format(again.Options).ShouldBe(key.Format(loaded.Options), key.Path);
        again.Options.Listen.ShouldBe([new ListenAddress("::1", 9464), new ListenAddress("/run/observe.sock", -1)]);
        again.Options.Otlp.Interval.ShouldBe(TimeSpan.FromSeconds(90));
        again.Options.Collectors.Cgroup.Root.ShouldBe("/mnt/with space/cgroup");
    }

    [Fact]
    public void Load_Kubernetes_IsReadAndItsTokenIsForHttpsOnly()
    {
        var result = Load("collectors: {kubernetes: {enabled: true, node: worker-7, labels: [app.kubernetes.io/name, team]}}", new() { ["OBSERVE_COLLECTORS__KUBERNETES__APISERVER"] = "https://[fd00::1]:6443" });
        result.Errors.ShouldBeEmpty();
        var kubernetes = result.Options.Collectors.Kubernetes;
        (kubernetes.Enabled, kubernetes.Node, kubernetes.ApiServer).ShouldBe((KubernetesMode.On, "worker-7", new Uri("https://[fd00::1]:6443")));
        kubernetes.Labels.ShouldBe(["app.kubernetes.io/name", "team"]);

        var wrong = Load("collectors: {kubernetes: {enabled: on, node: Worker 7, apiServer: http://10.96.0.1, labels: [a b]}}", new() { ["OBSERVE_COLLECTORS__KUBERNETES__APISERVER"] = "https://me:s3cret@10.96.0.1" });
        wrong.Errors.Select(each => each.Path).ShouldBe(["collectors.kubernetes.enabled", "collectors.kubernetes.node", "collectors.kubernetes.apiServer", "collectors.kubernetes.labels", "collectors.kubernetes.apiServer"], ignoreOrder: true);
    }

    [Fact]
    public void Schema_EveryKey_SetsAnOptionAndIsDocumentedWithItsDefault()
    {
        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs/configuration.md"));
        foreach (var key in ConfigurationSchema.Keys)
        {
            var value = string.Join(", ", key.Format(new ObserveOptions()).Select(each => each.Value));
            docs.ShouldContain($"| `{key.Path}` | {(value.Length == 0 ? "unset" : $"`{value}`")} | {key.Help}. |");
        }
        ConfigurationSchema.Keys.Select(each => each.EnvironmentVariable).ShouldBeUnique();
    }

    [Theory]
    [InlineData("15s", 15_000)]
    [InlineData("250ms", 250)]
    [InlineData("1m", 60_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2h", 7_200_000)]
    [InlineData("0", 0)]
    public void Duration_Valid_IsRead(string text, int milliseconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalMilliseconds.ShouldBe(milliseconds);
        DurationText.TryParse(DurationText.Format(duration), out var again).ShouldBeTrue();
        again.ShouldBe(duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1.2.3s")]
    [InlineData("1d")]
    [InlineData("999999999999h")]
    public void Duration_Invalid_IsRefused(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    private ConfigurationResult Load(string yaml, Dictionary<string, string>? environment = null, string[]? assignments = null)
    {
        File.WriteAllText(file, yaml);
        var result = ConfigurationLoader.Load(new ConfigurationSources { File = file, Environment = environment ?? [], Assignments = assignments ?? [] });
        Agreement.Check(yaml, result);
        return result;
    }
}
