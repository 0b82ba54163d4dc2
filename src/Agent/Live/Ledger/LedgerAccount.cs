using Observe.Agent.Live.Recent;
using Observe.Telemetry.Model;

namespace Observe.Agent.Live.Ledger;

/// <summary>What one workload had run up at the last two looks. One thread at a time.</summary>
internal sealed class LedgerAccount
{
    private readonly ulong start;
    private readonly bool[] isKnown = new bool[LiveStates.Count];
    private double[] last = new double[LiveStates.Count];
    private double[] now = new double[LiveStates.Count];
    private bool wasSeen;

    /// <summary>Begins with nothing.</summary>
    /// <param name="series">One of its series.</param>
    public LedgerAccount(Series series)
    {
        start = series.StartTimeUnixNano;
        Workload = new LiveSubject(LabelOf("workload_kind"), LabelOf("workload_id"), LabelOf("workload"));

        string LabelOf(string name) => series.Resource.Labels.FirstOrDefault(each => each.Name == name).Value ?? "";
    }

    /// <summary>Whose it is.</summary>
    public LiveSubject Workload { get; }

    /// <summary>Whether there was anything of it at this look.</summary>
    public bool IsSeen { get; private set; }

    /// <summary>Another look begins.</summary>
    public void Begin()
    {
        (last, now) = (now, last);
        wasSeen = IsSeen;
        Array.Clear(now);
        IsSeen = false;
    }

    /// <summary>Adds a sum: those of a virtual machine's vCPUs come one by one.</summary>
    /// <param name="state">Its place among the states.</param>
    /// <param name="seconds">Since the series began.</param>
    public void Add(int state, double seconds)
    {
        now[state] += seconds;
        isKnown[state] = IsSeen = true;
    }

    /// <summary>What came to it since the look before.</summary>
    /// <param name="begin">When that was, ns since the Unix epoch; 0: there was none.</param>
    /// <param name="end">When this one is.</param>
    public LedgerRow Row(ulong begin, ulong end)
    {
        // Of one that was not there at the last look all is new, and some of it may be from before: series wait for a workload's name.
        var since = begin == 0 || (!wasSeen && start < begin) ? start : begin;
        var seconds = end > since ? (end - since) / 1e9 : 0;
        var rates = new float[LiveStates.Count];
        for (var state = 0; state < rates.Length; state++)
        {
            // Counters do not go back; where one does all the same, that is not time that went by.
            var grown = Math.Max(0, begin == 0 || !wasSeen ? now[state] : now[state] - last[state]);
            rates[state] = !isKnown[state] ? float.NaN : seconds > 0 ? (float)(grown / seconds) : 0;
        }
        return new LedgerRow(Workload, rates);
    }
}
