namespace Observe.Collectors.Traces;

/// <summary>Tells which virtual machine this host is, once somebody knows. Thread-safe.</summary>
public sealed class GuestLocation
{
    private volatile Func<GuestPlace?>? ask;

    /// <summary>Which it is; null if it is none of a vCenter that is followed, or that is not known yet.</summary>
    public GuestPlace? Current => ask?.Invoke();

    /// <summary>From now on it is asked of somebody.</summary>
    /// <param name="whom">Tells at once; from any thread.</param>
    public void Follow(Func<GuestPlace?> whom) => ask = whom;
}
