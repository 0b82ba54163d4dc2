using System.Reflection;

namespace Observe.Agent;

/// <summary>Version of this build.</summary>
public static class AgentVersion
{
    /// <summary>With the commit: <c>0.1.0+1a2b3c</c>.</summary>
    public static string Full { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Without the commit: <c>0.1.0</c>.</summary>
    public static string Number { get; } = Full.Split('+')[0];
}
