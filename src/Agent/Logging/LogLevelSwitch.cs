using Microsoft.Extensions.Logging;

namespace Observe.Agent.Logging;

/// <summary>The least severe level that is logged; can be turned while the agent runs.</summary>
/// <param name="level">The level to begin with.</param>
public sealed class LogLevelSwitch(LogLevel level)
{
    private volatile int current = (int)level;

    /// <summary>The level.</summary>
    public LogLevel Level
    {
        get => (LogLevel)current;
        set => current = (int)value;
    }
}
