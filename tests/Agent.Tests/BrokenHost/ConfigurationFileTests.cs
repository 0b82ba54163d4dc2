using System.Runtime.Versioning;
using System.Text;
using Observe.Agent.Tests.EndToEnd;

namespace Observe.Agent.Tests.BrokenHost;

/// <summary>A configuration file that is not there, may not be read, or is none: status 2, and each line says what and where.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("observe-config-").FullName;

    private string ConfigPath => Path.Combine(directory, "observe.yaml");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    public async Task Command_Unreadable_Is2AndNamesTheUser(string command)
    {
        BuiltAgent.SkipUnlessUsable();
        File.WriteAllText(ConfigPath, "listen: 127.0.0.1:0\n");
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ED); // 0755
        File.SetUnixFileMode(ConfigPath, UnixFileMode.UserRead);

        var (code, _, error) = await BuiltAgent.CommandAsync(BrokenHosts.WithoutLedger["no root"].Host, command, "--config", ConfigPath);

        code.ShouldBe(2);
        error.ShouldBe([
            $"observe: {ConfigPath}: cannot read the configuration file: permission denied; make it readable for the user 'nobody', whom the agent runs as",
            "observe: not started: the configuration has 1 error"]);
    }

    [Fact]
    public async Task Run_Directory_Is2()
    {
        var (code, _, error) = await ObserveProcess.RunAsync("run", "--config", directory);
        code.ShouldBe(2);
        error.Split('\n')[0].ShouldBe($"observe: {directory}: cannot read the configuration file: it is a directory; name the file in it with --config or OBSERVE_CONFIG");
    }

    [Fact]
    public async Task Run_Missing_Is2()
    {
        var (code, _, error) = await ObserveProcess.RunAsync("run", "--config", ConfigPath);
        code.ShouldBe(2);
        error.Split('\n')[0].ShouldBe($"observe: {ConfigPath}: cannot read the configuration file: there is no such file; check --config or OBSERVE_CONFIG");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Run_Garbage_Is2AndShortAndPrintable(int seed)
    {
        var garbage = new byte[4096];
        new Random(seed).NextBytes(garbage);
        File.WriteAllBytes(ConfigPath, garbage);

        var (code, _, error) = await ObserveProcess.RunAsync("run", "--config", ConfigPath);

        code.ShouldBe(2);
        var lines = error.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBeInRange(2, 10);
        lines.ShouldAllBe(each => each.StartsWith("observe: ", StringComparison.Ordinal) && each.Length < 400);
        lines.ShouldAllBe(each => !each.Any(char.IsControl));
        Encoding.UTF8.GetByteCount(error).ShouldBeLessThan(4096);
    }
}
