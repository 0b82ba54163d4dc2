using Microsoft.Extensions.Logging;

namespace Observe.Agent.Logging;

/// <summary>One event to be written.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How severe.</param>
/// <param name="Category">Who logs.</param>
/// <param name="Event">Which event.</param>
/// <param name="Message">The rendered message.</param>
/// <param name="Values">The message's values by name.</param>
/// <param name="Repeated">How often the same line was held back before.</param>
/// <param name="Error">The exception, if there is one.</param>
internal readonly record struct LogLine(
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    EventId Event,
    string Message,
    IReadOnlyList<KeyValuePair<string, object?>> Values,
    long Repeated,
    Exception? Error)
{
    /// <summary>The word for the level, as it is configured.</summary>
    public string LevelWord => Level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };

    /// <summary>Name for the key of a value; the template's own text is left out.</summary>
    public IEnumerable<KeyValuePair<string, object?>> NamedValues => Values.Where(each => each.Key != "{OriginalFormat}");
}
