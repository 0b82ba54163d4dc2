namespace Observe.Collectors.Traces;

/// <summary>Which virtual machine this host is, and where that runs, as a vCenter knows it.</summary>
/// <param name="MachineId">The VM's instance UUID; null if unknown.</param>
/// <param name="MachineName">Its name.</param>
/// <param name="HostName">The ESXi host it runs on; null if unknown.</param>
public sealed record GuestPlace(string? MachineId, string MachineName, string? HostName);
