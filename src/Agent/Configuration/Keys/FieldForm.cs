namespace Observe.Agent.Configuration.Keys;

/// <summary>A field of records, without the record's type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expected">What a value may be, for people.</param>
/// <param name="Form">What it looks like, for a schema.</param>
public sealed record FieldForm(string Name, string Expected, ValueForm Form);
