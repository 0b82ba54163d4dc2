namespace Observe.Collectors.Kvm.Stats;

/// <summary>A virtual machine that is there, as the kernel tells it from others.</summary>
/// <param name="Pid">The process that runs it.</param>
/// <param name="Descriptor">That process' descriptor of it.</param>
/// <param name="Creator">The thread that made it, by which debugfs calls it <c>CREATOR-DESCRIPTOR</c>; 0 if it was not found there.</param>
internal readonly record struct VmHandle(int Pid, int Descriptor, int Creator);
