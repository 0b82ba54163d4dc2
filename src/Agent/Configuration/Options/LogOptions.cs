using Microsoft.Extensions.Logging;

namespace Observe.Agent.Configuration.Options;

/// <summary>What is logged to standard error, and how.</summary>
public sealed record LogOptions
{
    /// <summary>The least severe level that is logged.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>The form of a line.</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;
}
