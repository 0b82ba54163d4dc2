namespace Observe.Collectors.VCenter.Vim;

/// <summary>An event as the server gave it.</summary>
/// <param name="Type">Its type: <c>DrsVmMigratedEvent</c>, <c>EventEx</c>.</param>
/// <param name="Key">Its number: grows, but is not unique over a restored database.</param>
/// <param name="ChainId">Number of the first event of the operation.</param>
/// <param name="CreatedTime">When it was made, on the server's clock.</param>
/// <param name="Value">All of it: <c>eventTypeId</c>, <c>vm</c>, <c>host</c>, <c>fullFormattedMessage</c>.</param>
internal sealed record VimEvent(string Type, int Key, int ChainId, DateTimeOffset CreatedTime, VimValue Value);
