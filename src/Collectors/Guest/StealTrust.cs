namespace Observe.Collectors.Guest;

/// <summary>Whether stolen time means something here.</summary>
public enum StealTrust
{
    /// <summary>There is no hypervisor, and so nobody who could steal.</summary>
    None,

    /// <summary>The hypervisor tells, and the kernel keeps it: 0 means that nothing was stolen.</summary>
    Known,

    /// <summary>0 means nothing: the hypervisor does not tell, or has not told so far, or the kernel does not listen.</summary>
    Unknown,
}
