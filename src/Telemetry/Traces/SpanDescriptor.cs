namespace Observe.Telemetry.Traces;

/// <summary>What is the same of all spans of a name. Their kind is <c>INTERNAL</c>: none of them is a call that somebody waits for the answer of.</summary>
/// <param name="Name">The span's name: few, and never with an id in it.</param>
/// <param name="Help">From when to when it is, and of what.</param>
/// <param name="Attributes">Those of its own, beside those that it shares.</param>
public sealed record SpanDescriptor(string Name, string Help, IReadOnlyList<AttributeDescriptor> Attributes);
