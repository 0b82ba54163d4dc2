using Observe.Bpf;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Self;

/// <summary>What a loaded BPF object says of itself: its programs and its maps.</summary>
internal sealed class ObjectSeries
{
    private readonly (BpfProgram Program, Series Attached, Series RunTime, Series Runs)[] programs;
    private readonly (Series Series, double Value)[] maps;

    /// <summary>Makes the series.</summary>
    /// <param name="programs">Its programs that are attached.</param>
    /// <param name="maps">Its maps that exist, once each: not those of another object that it shares.</param>
    /// <param name="host">Whose they are.</param>
    /// <param name="start">Since when they accumulate, ns since the Unix epoch.</param>
    public ObjectSeries(IEnumerable<BpfProgram> programs, IEnumerable<BpfMap> maps, Resource host, ulong start)
    {
        this.programs = [.. programs.Select(program => (program, Of(MetricCatalog.ProgramAttached, program), Of(MetricCatalog.ProgramRunTime, program), Of(MetricCatalog.ProgramRuns, program)))];
        // Neither changes while the object is loaded.
        this.maps = [.. maps.SelectMany(map => new[]
        {
            (Map(MetricCatalog.MapMaxEntries, map.Name), (double)map.MaxEntries),
            (Map(MetricCatalog.MapBytes, map.Name), map.MemoryBytes),
        })];

        Series Of(MetricDescriptor metric, BpfProgram program) => new(metric, host, start, [program.Name, program.Hook]);
        Series Map(MetricDescriptor metric, string name) => new(metric, host, start, [name]);
    }

    /// <summary>Adds the points.</summary>
    /// <param name="builder">Where they go.</param>
    public void Export(SnapshotBuilder builder)
    {
        foreach (var (program, attached, runTime, runs) in programs)
        {
            var stats = program.RunStats;
            builder.Add(attached, 1);
            builder.Add(runTime, stats.RunTimeNs / 1e9);
            builder.Add(runs, stats.RunCount);
        }
        foreach (var (series, value) in maps)
            builder.Add(series, value);
    }
}
