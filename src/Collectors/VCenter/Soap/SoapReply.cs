using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <summary>What a server answered to the call of a method: what it returned, or why it refused.</summary>
/// <param name="Returned">Elements of the answer: one, or those of a list; none where a method returns nothing.</param>
/// <param name="Fault">The refusal; null if it did not.</param>
internal sealed record SoapReply(IReadOnlyList<VimValue> Returned, VimFaultException? Fault);
