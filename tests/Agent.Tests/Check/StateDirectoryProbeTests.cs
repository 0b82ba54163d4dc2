using Observe.Agent.Check;
using Observe.Collectors;
using Observe.Collectors.VCenter;

namespace Observe.Agent.Tests.Check;

public sealed class StateDirectoryProbeTests : IDisposable
{
    private static readonly VCenterEndpoint Endpoint = new(new Uri("https://vc/sdk"));

    private readonly string root = Directory.CreateTempSubdirectory("observe-state-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("not/there/yet")]
    public async Task Run_DirectoryThatCanBeWrittenTo_IsOkAndNothingIsLeft(string path)
    {
        var row = (await LookAsync(Path.Combine(root, path))).ShouldHaveSingleItem();

        (row.Component, row.Level).ShouldBe(("vcenter state", StatusLevel.Ok));
        Directory.EnumerateFileSystemEntries(root).ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_DirectoryThatCannot_SaysWhyAndWhatToDo()
    {
        var file = Path.Combine(root, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        foreach (var path in new[] { $"{file}/state", "/proc/observe" })
        {
            var row = (await LookAsync(path)).ShouldHaveSingleItem();
            row.Level.ShouldBe(StatusLevel.Degraded);
            row.Detail.ShouldStartWith($"{path} cannot be written to by '{Environment.UserName}': ");
            row.Remedy!.ShouldContain("StateDirectory=observe");
        }
    }

    [Fact]
    public async Task Run_NoVCenter_IsNotAsked() =>
        (await new StateDirectoryProbe(new VCenterOptions { StateDirectory = "/proc/observe" }).RunAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();

    private static ValueTask<IReadOnlyList<ComponentStatus>> LookAsync(string directory) =>
        new StateDirectoryProbe(new VCenterOptions { Endpoints = [Endpoint], StateDirectory = directory }).RunAsync(TestContext.Current.CancellationToken);
}
