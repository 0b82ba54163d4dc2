using System.Globalization;
using System.Text.Json;
using Observe.Agent.Check;
using Observe.Agent.Configuration;
using Observe.Agent.Status;
using Observe.Collectors;
using Observe.Collectors.Sched;

namespace Observe.Agent.Commands;

/// <summary><c>observe check</c>: what would work here, and what to do about what would not.</summary>
public static class CheckCommand
{
    /// <summary>What all probes together may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs all probes.</summary>
    /// <param name="sources">Where the configuration comes from.</param>
    /// <param name="choices">What the user asked for.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="error">Where errors of the configuration go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>1 if anything failed or, if strict, is degraded; 2 if the configuration is wrong; else 0.</returns>
    public static async Task<int> RunAsync(
        ConfigurationSources sources, CheckChoices choices, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(output);
        var configuration = ConfigurationLoader.Load(sources);
        if (ConfigurationErrors.Print(configuration, error))
            return ExitCode.Usage;
        if (choices.MapSize is { } host)
            return await PrintMapSizeAsync(host, output, error).ConfigureAwait(false);
        if (choices.PrintConfig)
        {
            await output.WriteAsync(EffectiveConfiguration.Format(configuration)).ConfigureAwait(false);
            return ExitCode.Success;
        }
        var paths = new HostPaths();
        var probes = Probes.For(configuration, paths);
        var rows = await ProbeAsync(choices.Calibrate ? probes.Append(new CalibrationProbe(paths)) : probes, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(choices.Json ? JsonSerializer.Serialize(rows, StatusJson.Default.IReadOnlyListComponentStatus) + "\n" : StatusTable.Format(rows)).ConfigureAwait(false);
        var tolerated = choices.Strict ? StatusLevel.Absent : StatusLevel.Degraded;
        return rows.All(each => each.Level <= tolerated) ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task<int> PrintMapSizeAsync(string host, TextWriter output, TextWriter error)
    {
        var numbers = host.Split(':');
        if (numbers.Length != 2 || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var cpus) || cpus is 0 or > 8192
            || !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var cgroups) || cgroups is 0 or > 1_000_000)
        {
            await error.WriteLineAsync($"observe: --map-size {host}: expected CPUS:CGROUPS, at most 8192 and 1000000, such as 64:1000").ConfigureAwait(false);
            return ExitCode.Usage;
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{LedgerMemory.Bytes(cpus, cgroups) / 1048576.0:0.00} MiB")).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>Runs probes one after the other; one that throws is a row like any other.</summary>
    /// <param name="probes">The probes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<ComponentStatus>> ProbeAsync(IEnumerable<IProbe> probes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(probes);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        var rows = new List<ComponentStatus>();
        foreach (var probe in probes)
        {
            try
            {
                rows.AddRange(await probe.RunAsync(deadline.Token).ConfigureAwait(false));
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                rows.Add(new ComponentStatus(probe.GetType().Name, StatusLevel.Failed, $"the probe itself failed: {failure.GetType().Name}: {failure.Message}", "report this as a bug"));
            }
        }
        return rows;
    }
}
