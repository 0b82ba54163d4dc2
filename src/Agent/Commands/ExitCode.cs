namespace Observe.Agent.Commands;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It could not run, or the check found something that does not work.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; systemd's INVALIDARGUMENT. A restart cannot help.</summary>
    public const int Usage = 2;
}
