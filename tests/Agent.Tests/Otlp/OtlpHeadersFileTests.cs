using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Observe.Agent.Configuration;
using Observe.Agent.Tests.Http;

namespace Observe.Agent.Tests.Otlp;

public sealed class OtlpHeadersFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("observe-headers-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Load_HeadersFile_IsReadIntoBothSignals()
    {
        var result = Load("# of the vendor\r\napi-key = s3cret=with=equals\r\n\nX-Scope-OrgID: team: a\nempty=", "headers: {x-other: '1'}");

        result.Errors.ShouldBeEmpty();
        KeyValuePair<string, string>[] expected = [new("x-other", "1"), new("api-key", "s3cret=with=equals"), new("X-Scope-OrgID", "team: a"), new("empty", "")];
        result.Otlp.Headers.ShouldBe(expected);
        result.Traces.Headers.ShouldBe(expected);
        EffectiveConfiguration.Format(result).ShouldNotContain("s3cret");
        EffectiveConfiguration.Format(result).ShouldContain($"headersFile: {Path.Combine(directory, "headers")}");
    }

    [Fact]
    public void Load_CredentialOfSystemd_IsFoundInItsDirectory()
    {
        File.WriteAllText(Path.Combine(directory, "otlp-headers"), "api-key=s3cret\n");
        const string Yaml = "otlp: {headersFile: otlp-headers}";

        Load(Yaml, new Dictionary<string, string> { ["CREDENTIALS_DIRECTORY"] = directory }).Otlp.Headers.ShouldBe([new("api-key", "s3cret")]);
        Load(Yaml, []).Errors.ShouldHaveSingleItem().ToString().ShouldEndWith(
            "observe.yaml:1: otlp.headersFile: is the systemd credential otlp-headers, and $CREDENTIALS_DIRECTORY is not set; add LoadCredential=otlp-headers:FILE to the unit, or set an absolute path"
            + " (by hand: CREDENTIALS_DIRECTORY=/run/credentials/observe.service observe check)");
    }

    [Fact]
    public void Load_WrongLines_AreToldByTheirNumbersAndNotShown()
    {
        var result = Load("s3cret\na s3cret=1\ncontent-length: 1\nok=1\nOK=s3cret\nx=s3cr\u00e9t\nx-other=s3cret", "headers: {X-Other: '1'}");

        var file = Path.Combine(directory, "headers");
        result.Errors.Select(each => each.Message).ShouldBe(
        [
            $"line 1 of {file} has neither = nor : in it; write NAME=VALUE",
            $"line 2 of {file} does not begin with the name of a header: letters, digits and !#$%&'*+-.^_`|~ only",
            $"line 3 of {file} has a header that the exporter sets itself; remove it",
            $"line 5 of {file} has a header that an earlier line has, too",
            $"line 6 of {file} has a value with characters that are not visible ASCII",
            "has a header that otlp.headers has, too; set it in one of them",
        ]);
        result.Errors.ShouldAllBe(each => each.Path == "otlp.headersFile" && each.Origin.ToString().EndsWith("observe.yaml:1", StringComparison.Ordinal));
        string.Join('\n', result.Errors).ShouldNotContain("s3cr");
    }

    [Theory]
    [InlineData("/nowhere/headers", "cannot read /nowhere/headers: Could not find a part of the path '/nowhere/headers'; make it readable for the user '")]
    [InlineData("/dev/zero", "/dev/zero has more than 65536 characters, and cannot be a list of headers")]
    public void Load_NoUsableFile_SaysWhy(string file, string expected) =>
        Load($"otlp: {{headersFile: {file}}}", []).Errors.ShouldHaveSingleItem().Message.ShouldStartWith(expected);

    [Fact]
    public async Task Reload_ChangedFile_IsNamedAmongWhatTakesARestart()
    {
        var file = Path.Combine(directory, "headers");
        await File.WriteAllTextAsync(file, "api-key=one", TestContext.Current.CancellationToken);
        await using var agent = await TestAgent.StartAsync(settings: [$"otlp.headersFile={file}"]);
        var reloader = agent.Services.GetServices<IHostedService>().OfType<Reloader>().Single();

        reloader.Reload();
        agent.Log.ToString().ShouldContain("takes effect after a restart: nothing");
        await File.WriteAllTextAsync(file, "api-key=s3cret", TestContext.Current.CancellationToken);
        reloader.Reload();
        agent.Log.ToString().ShouldContain("takes effect after a restart: otlp.headersFile");
        await File.WriteAllTextAsync(file, "s3cret", TestContext.Current.CancellationToken);
        reloader.Reload();
        agent.Log.ToString().ShouldContain($"line 1 of {file} has neither = nor : in it");
        agent.Log.ToString().ShouldNotContain("s3cret");
    }

    private ConfigurationResult Load(string content, string section)
    {
        var file = Path.Combine(directory, "headers");
        File.WriteAllText(file, content);
        return Load($"otlp: {{endpoint: 'http://127.0.0.1:4318', headersFile: {file}, {section}}}", []);
    }

    private ConfigurationResult Load(string yaml, Dictionary<string, string> environment)
    {
        var file = Path.Combine(directory, "observe.yaml");
        File.WriteAllText(file, yaml);
        return ConfigurationLoader.Load(new ConfigurationSources { File = file, Environment = environment });
    }
}
