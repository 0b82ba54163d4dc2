using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Host;

// Giving up privileges. Linux drops capabilities of the calling thread only, and the runtime has threads before the first
// line of Main; so the limits are set on this thread, which then starts the program again in its place: the new image
// has one thread, with what is left, and every later thread inherits that.
public static partial class Capabilities
{
    /// <summary>Set in the environment of the restarted program: it must not start itself again.</summary>
    private const string Marker = "OBSERVE_CAPABILITIES_RESTRICTED=1";

    private const int DropFromBoundingSet = 24; // PR_CAPBSET_DROP
    private const int Ambient = 47; // PR_CAP_AMBIENT
    private const int AmbientRaise = 2; // PR_CAP_AMBIENT_RAISE
    private const uint CapabilityVersion3 = 0x20080522;

    /// <summary>
    /// Gives up every other capability for good. Returns when there was nothing to give up; otherwise the program starts
    /// again under the same process id, with the same arguments, and gets here a second time. So call it first in Main.
    /// </summary>
    /// <param name="keep">What to keep, as far as the process has it.</param>
    /// <exception cref="Win32Exception">The kernel refused (without CAP_SETPCAP nothing can be given up this way).</exception>
    /// <exception cref="InvalidOperationException">The restart did not have the effect, so it is not tried again.</exception>
    public static void RestrictTo(params ReadOnlySpan<Capability> keep)
    {
        var kept = 0UL;
        foreach (var capability in keep)
            kept |= 1UL << (int)capability;
        var excess = Permitted.Bits & ~kept;
        if (excess == 0)
            return;
        if (Environment.GetEnvironmentVariable(Marker.Split('=')[0]) is not null)
            throw new InvalidOperationException(
                $"capabilities {excess:x} are still there after giving them up (securebits or file capabilities?); remove them in the service definition");
        LimitThisThread(excess, Permitted.Bits & kept);
        Restart();
    }

    private static unsafe void LimitThisThread(ulong drop, ulong keep)
    {
        // What root can regain by execve(2) is the bounding set.
        foreach (var capability in Bits(drop))
            Check(LibC.prctl(DropFromBoundingSet, (nuint)capability, 0, 0, 0), $"give up capability {capability}");
        // What another user keeps across execve(2) is the ambient set, which must be inheritable too.
        var header = stackalloc uint[] { CapabilityVersion3, 0 };
        var (low, high) = ((uint)keep, (uint)(keep >> 32));
        var data = stackalloc uint[] { low, low, low, high, high, high }; // effective, permitted, inheritable; twice
        Check(LibC.capset(header, data), "set the capabilities");
        foreach (var capability in Bits(keep))
            Check(LibC.prctl(Ambient, AmbientRaise, (nuint)capability, 0, 0), $"keep capability {capability}");
    }

    private static unsafe void Restart()
    {
        // As bytes: neither arguments nor environment need be valid UTF-8.
        var arguments = File.ReadAllBytes("/proc/self/cmdline");
        byte[] environment = [.. File.ReadAllBytes("/proc/self/environ"), .. Encoding.ASCII.GetBytes(Marker), 0];
        var path = Encoding.UTF8.GetBytes((Environment.ProcessPath ?? "/proc/self/exe") + '\0');
        fixed (byte* pathStart = path, argumentStart = arguments, environmentStart = environment)
        fixed (nint* argumentTable = Pointers(argumentStart, arguments), environmentTable = Pointers(environmentStart, environment))
            Check(LibC.execve(pathStart, (byte**)argumentTable, (byte**)environmentTable), "start again with fewer capabilities");
    }

    /// <summary>The addresses of NUL-terminated strings, and a null at the end, as execve(2) takes them.</summary>
    private static unsafe nint[] Pointers(byte* start, byte[] strings)
    {
        var table = new List<nint>();
        for (var at = 0; at < strings.Length; at = Array.IndexOf(strings, (byte)0, at) + 1)
            table.Add((nint)(start + at));
        table.Add(0);
        return [.. table];
    }

    private static IEnumerable<int> Bits(ulong set)
    {
        for (var bit = 0; bit < 64; bit++)
            if ((set >> bit & 1) != 0)
                yield return bit;
    }

    private static void Check(int result, string what)
    {
        if (result != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"cannot {what}: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
