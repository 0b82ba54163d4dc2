using System.Text.Json.Serialization;
using Observe.Collectors;

namespace Observe.Agent.Status;

/// <summary>The JSON form of status, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(IReadOnlyList<ComponentStatus>))]
internal sealed partial class StatusJson : JsonSerializerContext;
