namespace Observe.Collectors.VCenter;

/// <summary>A vCenter could not be asked: not reached, not trusted, too late, too much, or no answer at all.</summary>
/// <param name="message">What failed, on what, and why: for people, with nothing secret in it.</param>
/// <param name="remedy">What to do about it; null if nothing but wait.</param>
/// <param name="inner">The cause.</param>
internal sealed class VCenterException(string message, string? remedy = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do about it; null if nothing but wait.</summary>
    public string? Remedy { get; } = remedy;

    /// <summary>Whether the log has it: to whoever it is passed on to, it is no news.</summary>
    public bool IsTold { get; set; }
}
