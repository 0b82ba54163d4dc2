namespace Observe.Agent;

/// <summary>The compiled BPF objects that are shipped beside the binary.</summary>
internal static class BpfObjects
{
    /// <summary>Where an object is.</summary>
    /// <param name="name">Its name, as in <c>bpf/NAME.bpf.c</c>.</param>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "bpf", $"{name}.bpf.o");
}
