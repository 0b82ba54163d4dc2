namespace Observe.Agent.Configuration.Keys;

/// <summary>How many values a key takes.</summary>
public enum KeyShape
{
    /// <summary>One.</summary>
    Scalar,

    /// <summary>Any number; a single value is a list of one. In the environment separated by commas.</summary>
    List,

    /// <summary>Named ones. In the environment <c>name=value</c>, separated by commas.</summary>
    Map,

    /// <summary>Any number of records, each with named fields. Elsewhere than in the file field by field: <c>key.0.field</c>.</summary>
    Records,
}
