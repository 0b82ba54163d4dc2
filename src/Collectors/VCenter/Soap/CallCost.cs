namespace Observe.Collectors.VCenter.Soap;

/// <summary>What a request took.</summary>
/// <param name="Sent">Bytes of its body.</param>
/// <param name="Received">Bytes of the answer's body as they came, packed if they were.</param>
/// <param name="Duration">How long, without waiting for its turn.</param>
internal readonly record struct CallCost(long Sent, long Received, TimeSpan Duration);
