namespace Observe.Agent.Export.Otlp;

/// <summary>One request with samples that have times of their own.</summary>
/// <param name="Body">Its bytes; valid until it is done with.</param>
/// <param name="Points">Data points in it.</param>
internal readonly record struct SampleRequest(ReadOnlyMemory<byte> Body, int Points);
