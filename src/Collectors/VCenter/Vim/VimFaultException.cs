namespace Observe.Collectors.VCenter.Vim;

/// <summary>The server understood the request and refused it.</summary>
/// <param name="fault">Type of the fault, without a prefix: <c>NotAuthenticated</c>, <c>InvalidCollectorVersion</c>.</param>
/// <param name="message">What the server said.</param>
/// <param name="detail">The fault's own members; null if there are none.</param>
internal sealed class VimFaultException(string fault, string message, VimValue? detail = null) : Exception(message)
{
    /// <summary>Type of the fault, without a prefix.</summary>
    public string Fault { get; } = fault;

    /// <summary>The fault's own members; null if there are none.</summary>
    public VimValue? Detail { get; } = detail;
}
