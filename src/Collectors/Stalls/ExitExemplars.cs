using System.Collections.Concurrent;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Stalls;

/// <summary>Exemplars of one virtual machine's exits, by reason.</summary>
internal sealed class ExitExemplars
{
    /// <summary>Most reasons that have any: a guest has some ten that are ever slow.</summary>
    private const int MaxReasons = 64;

    private readonly ConcurrentDictionary<string, ExemplarSlots> reasons = new(StringComparer.Ordinal);

    /// <summary>Those of a reason; null before the first.</summary>
    /// <param name="reason">As the label has it.</param>
    public ExemplarSlots? Of(string reason) => reasons.GetValueOrDefault(reason);

    /// <summary>Those of a reason, made now if there were none.</summary>
    /// <param name="reason">As the label has it.</param>
    /// <returns>Null if there is no room for another reason.</returns>
    public ExemplarSlots? ToFill(string reason) =>
        Of(reason) ?? (reasons.Count < MaxReasons ? reasons.GetOrAdd(reason, static _ => new ExemplarSlots()) : null);
}
