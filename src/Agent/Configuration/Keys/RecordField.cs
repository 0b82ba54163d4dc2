namespace Observe.Agent.Configuration.Keys;

/// <summary>A field of a record.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Name">Its name.</param>
/// <param name="Expected">What a value may be, for people.</param>
/// <param name="Form">What it looks like, for a schema.</param>
/// <param name="Parse">Text to the record with the value; null if it is none.</param>
/// <param name="Format">The value as text; null if it is unset.</param>
internal sealed record RecordField<T>(string Name, string Expected, ValueForm Form, Func<T, string, T?> Parse, Func<T, string?> Format)
    where T : class
{
    /// <summary>Whether a value must not be shown.</summary>
    public Func<string, bool> Hides { get; init; } = static _ => false;

    /// <summary>A field of a kind of values.</summary>
    /// <typeparam name="V">Type of the value.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="get">The value; null if it is unset.</param>
    /// <param name="set">The record with the value.</param>
    public static RecordField<T> Of<V>(string name, ValueKind<V> kind, Func<T, V?> get, Func<T, V, T> set) => new(
        name, kind.Expected, kind.Form,
        (record, text) => kind.Parse(text) is { Succeeded: true, Value: var value } ? set(record, value) : null,
        record => get(record) is { } value ? kind.Format(value) : null);
}
