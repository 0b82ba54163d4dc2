using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observe.Collectors.Kubernetes.Api;

/// <summary>Reads what is needed of the API's objects, and skips the rest, which is most of them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(PodList))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(WatchEvent))]
[JsonSerializable(typeof(WatchEvent<Pod>))]
[JsonSerializable(typeof(WatchEvent<Status>))]
internal sealed partial class KubernetesJson : JsonSerializerContext;
