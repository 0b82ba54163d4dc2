using System.Diagnostics;
using Observe.Telemetry.Tests.Prometheus;

namespace Observe.Kernel.Tests.Harness;

/// <summary>What /metrics said once, and between which moments it was true.</summary>
internal sealed class Scrape
{
    private readonly Dictionary<string, TextParser.Sample[]> byName;

    /// <summary>Reads a text response.</summary>
    /// <param name="text">The body.</param>
    /// <param name="before">CLOCK_MONOTONIC seconds before asking: what came back is not older.</param>
    /// <param name="after">CLOCK_MONOTONIC seconds after the answer.</param>
    public Scrape(string text, double before, double after)
    {
        Text = text;
        At = new Interval(before, after);
        Document = TextParser.Parse(text);
        byName = Document.Samples.GroupBy(sample => sample.Name).ToDictionary(group => group.Key, group => group.ToArray());
    }

    /// <summary>CLOCK_MONOTONIC, seconds.</summary>
    public static double Now => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <summary>As it came.</summary>
    public string Text { get; }

    /// <summary>Parsed.</summary>
    public TextParser.Document Document { get; }

    /// <summary>When its values were true, CLOCK_MONOTONIC seconds.</summary>
    public Interval At { get; }

    /// <summary>
    /// The exact moment, in seconds since the ledger began on CPU 0, by the agent's own account; that this is the time
    /// that passed is what <c>CpuTimeTests</c> proves.
    /// </summary>
    public double Elapsed => CpuSum("0") + Residual("0");

    /// <summary>All series of a name with these labels.</summary>
    public IEnumerable<TextParser.Sample> All(string name, params (string Name, string Value)[] labels) =>
        (byName.GetValueOrDefault(name) ?? []).Where(sample => labels.All(label => sample.Labels.GetValueOrDefault(label.Name) == label.Value));

    /// <summary>The same series as one of another scrape, or null.</summary>
    public TextParser.Sample? Same(TextParser.Sample other) =>
        (byName.GetValueOrDefault(other.Name) ?? []).FirstOrDefault(sample => sample.Labels.Count == other.Labels.Count && sample.Labels.All(label => other.Labels.GetValueOrDefault(label.Key) == label.Value));

    /// <summary>The sum over all series of a name with these labels; 0 if there is none.</summary>
    public double Sum(string name, params (string Name, string Value)[] labels) => All(name, labels).Sum(sample => sample.Value);

    /// <summary>The one series of a name with these labels.</summary>
    public double Value(string name, params (string Name, string Value)[] labels)
    {
        var found = All(name, labels).ToArray();
        found.Length.ShouldBe(1, $"{name} {string.Join(',', labels)} in a scrape of {Document.Samples.Count} samples");
        return found[0].Value;
    }

    /// <summary>CPUs the ledger has an account of.</summary>
    public IEnumerable<string> Cpus => All("observe_ledger_residual_seconds").Select(sample => sample.Labels["cpu"]);

    /// <summary>What a CPU did in all, seconds.</summary>
    public double CpuSum(string cpu) => Sum("observe_cpu_time_seconds_total", ("cpu", cpu));

    /// <summary>What the ledger failed to explain of a CPU, seconds.</summary>
    public double Residual(string cpu) => Value("observe_ledger_residual_seconds", ("cpu", cpu));

    /// <summary>Slots in use in the kernel.</summary>
    public double Slots => Value("observe_bpf_map_entries", ("map", "slots"));

    /// <summary>What was lost for a reason.</summary>
    public double Lost(string reason) => Value("observe_lost_total", ("reason", reason));

    /// <summary>Whether a cgroup is shown.</summary>
    public bool Has(string cgroupPath) => All("observe_workload_info", ("observe_cgroup_path", cgroupPath)).Any();

    /// <summary>The account of a cgroup; all zero if it is not shown (yet).</summary>
    /// <param name="cgroupPath">Its path from the root of the hierarchy.</param>
    public WorkloadReading Workload(string cgroupPath)
    {
        var info = All("observe_workload_info", ("observe_cgroup_path", cgroupPath)).SingleOrDefault();
        return new WorkloadReading(this, info?.Labels["workload_id"]);
    }
}
