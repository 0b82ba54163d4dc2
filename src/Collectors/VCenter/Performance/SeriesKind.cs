namespace Observe.Collectors.VCenter.Performance;

/// <summary>What becomes of a counter's value.</summary>
internal enum SeriesKind
{
    /// <summary>It is the value.</summary>
    Gauge,

    /// <summary>It is what was added in the sample's interval.</summary>
    Counter,

    /// <summary>It is a sum over all vCPUs, and exported for one of them.</summary>
    PerCpu,
}
