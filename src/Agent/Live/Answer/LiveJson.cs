using System.Text.Json;
using System.Text.Json.Serialization;
using Observe.Agent.Status;

namespace Observe.Agent.Live.Answer;

/// <summary>The JSON form of what <c>/live</c> answers, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(StatusJson.LevelConverter)])]
[JsonSerializable(typeof(LiveAnswer))]
internal sealed partial class LiveJson : JsonSerializerContext;
