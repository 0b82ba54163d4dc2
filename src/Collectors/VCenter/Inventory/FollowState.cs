namespace Observe.Collectors.VCenter.Inventory;

/// <summary>How following fares.</summary>
/// <param name="IsFollowing">Whether the last request was answered, and all has been told.</param>
/// <param name="LastHeard">When the server last answered; null before the first time.</param>
/// <param name="Failure">What is wrong; null if nothing.</param>
/// <param name="Remedy">What to do about it; null if nothing.</param>
internal sealed record FollowState(bool IsFollowing = false, DateTimeOffset? LastHeard = null, string? Failure = null, string? Remedy = null);
