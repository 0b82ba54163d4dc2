namespace Observe.Agent.Configuration.Options;

/// <summary>The form of a log line.</summary>
public enum LogFormat
{
    /// <summary><c>key=value</c> pairs.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,
}
