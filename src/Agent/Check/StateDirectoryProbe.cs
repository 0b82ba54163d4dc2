using Observe.Collectors;
using Observe.Collectors.VCenter;

namespace Observe.Agent.Check;

/// <summary>Can it be kept which events of a vCenter have been taken? Found out by writing a file, of which nothing is left.</summary>
/// <param name="options">Where it is kept, and whether there is a vCenter.</param>
public sealed class StateDirectoryProbe(VCenterOptions options) : IProbe
{
    private const string Component = "vcenter state";

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ComponentStatus>> RunAsync(CancellationToken cancellationToken) => new(options.Endpoints.Count == 0 ? [] : [Look(options.StateDirectory)]);

    private static ComponentStatus Look(string directory)
    {
        var made = Missing(directory);
        var file = Path.Combine(directory, $".observe-check-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(directory);
            using (var written = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                written.WriteByte(0);
                written.Flush(flushToDisk: true);
            }
            return new(Component, StatusLevel.Ok, $"{directory} can be written to by '{Environment.UserName}'");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(
                Component, StatusLevel.Degraded, $"{directory} cannot be written to by '{Environment.UserName}': {error.Message.TrimEnd('.')}; after a restart events come again, or are missing",
                "StateDirectory=observe in the unit, a volume in a container, or collectors.vcenter.stateDirectory");
        }
        finally
        {
            TakeAway(file, made);
        }
    }

    /// <summary>The directories that there are not yet, the innermost first.</summary>
    private static List<string> Missing(string directory)
    {
        var missing = new List<string>();
        for (var each = directory; each is { Length: > 1 } && !Directory.Exists(each); each = Path.GetDirectoryName(each))
            missing.Add(each);
        return missing;
    }

    private static void TakeAway(string file, List<string> directories)
    {
        try
        {
            File.Delete(file);
            foreach (var each in directories)
                Directory.Delete(each);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It was never made, or somebody else uses the directory by now.
        }
    }
}
