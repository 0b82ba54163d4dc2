namespace Observe.Agent.Configuration.Keys;

/// <summary>How values of one type are written.</summary>
/// <typeparam name="T">The type.</typeparam>
/// <param name="Expected">What is accepted, to follow "is not": <c>true or false</c>.</param>
/// <param name="Form">What it looks like: everything accepted is of this form.</param>
/// <param name="Parse">Text to value, or a reason (possibly empty) why not.</param>
/// <param name="Format">Value to text.</param>
public sealed record ValueKind<T>(string Expected, ValueForm Form, Func<string, Parsed<T>> Parse, Func<T, string> Format);
