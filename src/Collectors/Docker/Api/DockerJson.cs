using System.Text.Json.Serialization;

namespace Observe.Collectors.Docker.Api;

/// <summary>Readers of the engine's JSON, made at compile time. Names are compared as they are: they come from Go structs and differ in nothing but what is declared here.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = false, PropertyNamingPolicy = JsonKnownNamingPolicy.Unspecified)]
[JsonSerializable(typeof(List<ContainerSummary>))]
[JsonSerializable(typeof(ContainerInspect))]
[JsonSerializable(typeof(ContainerStats))]
[JsonSerializable(typeof(DockerEvent))]
[JsonSerializable(typeof(EngineInfo))]
internal sealed partial class DockerJson : JsonSerializerContext;
