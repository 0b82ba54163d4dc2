namespace Observe.Telemetry.Model;

/// <summary>A label: a Prometheus label name and its value. The OTel attribute is the same name with its own dots.</summary>
/// <param name="Name">Prometheus label name, <c>[a-zA-Z_][a-zA-Z0-9_]*</c>.</param>
/// <param name="Value">Any text; writers escape it.</param>
public readonly record struct Label(string Name, string Value);
