namespace Observe.Telemetry.Traces;

/// <summary>An attribute that spans may have.</summary>
/// <param name="Name">Its OpenTelemetry name; those without one in the semantic conventions are <c>observe.</c></param>
/// <param name="Type"><c>string</c>, <c>int</c>, <c>double</c>, <c>boolean</c>, or one of them with <c>[]</c>.</param>
/// <param name="Help">What it says, with its unit.</param>
public sealed record AttributeDescriptor(string Name, string Type, string Help);
