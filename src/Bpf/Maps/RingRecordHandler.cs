namespace Observe.Bpf.Maps;

/// <summary>Takes one record of a <see cref="BpfRingBuffer"/>.</summary>
/// <param name="record">The bytes that the program submitted, in the ring itself: valid during the call only.</param>
public delegate void RingRecordHandler(ReadOnlySpan<byte> record);
