namespace Observe.Collectors.VCenter.Performance;

/// <summary>What an answer had of one thing.</summary>
internal struct SampleCounts
{
    /// <summary>Samples taken in.</summary>
    public long Samples;

    /// <summary>Values in them.</summary>
    public long Values;

    /// <summary>Values that the server says it does not have.</summary>
    public long MissingValues;

    /// <summary>Values of objects for which there was no room.</summary>
    public long DroppedValues;

    /// <summary>Samples before them that the server does not have, though it keeps as old ones.</summary>
    public long ServerGaps;

    /// <summary>Samples before them that it does not keep any more.</summary>
    public long RetentionGaps;
}
