using System.Text.Json;
using System.Text.Json.Serialization;
using Observe.Collectors;

namespace Observe.Agent.Status;

/// <summary>The JSON form of status, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    Converters = [typeof(LevelConverter)])]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(IReadOnlyList<ComponentStatus>))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    /// <summary>Levels in lower case, as the table has them.</summary>
    public sealed class LevelConverter() : JsonStringEnumConverter<StatusLevel>(JsonNamingPolicy.CamelCase);
}
