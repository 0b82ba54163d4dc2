namespace Observe.Collectors.Kvm;

internal sealed record VmProcess(int Pid, string Name, string? Uuid, string Vmm)
{
    internal static VmProcess? Read(string proc, int pid) => null;
}
