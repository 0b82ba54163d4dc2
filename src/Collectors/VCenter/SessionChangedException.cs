namespace Observe.Collectors.VCenter;

/// <summary>The session in which things were made on the server is gone, and they with it: make them anew.</summary>
internal sealed class SessionChangedException() : Exception("the session with the vCenter was lost; what was made in it is made anew");
