namespace Observe.Collectors;

/// <summary>A collector that attaches programs to the kernel, which takes privileges.</summary>
public interface IAttachesPrograms
{
    /// <summary>Whether there is something that it would attach now, if it could: if not, it takes no privileges any more.</summary>
    bool IsWaitingToAttach { get; }
}
