using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Session;

/// <summary>A session that was begun.</summary>
/// <param name="Vim">What it is asked through.</param>
/// <param name="Content">What the server said of itself.</param>
/// <param name="Generation">The how many-th it is.</param>
/// <param name="Began">When, on the clock's own count.</param>
internal sealed record Established(SoapVim Vim, ServiceContent Content, long Generation, long Began);
