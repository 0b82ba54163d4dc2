namespace Observe.Collectors.Kubernetes.Api;

/// <summary>A line of a watch, of which only the type is read: it says what the object is.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
internal sealed record WatchEvent(string? Type);

/// <summary>The same line, read again.</summary>
/// <typeparam name="T"><see cref="Pod"/>, or <see cref="Status"/> of an error.</typeparam>
/// <param name="Object">What changed.</param>
internal sealed record WatchEvent<T>(T? Object)
    where T : class;
