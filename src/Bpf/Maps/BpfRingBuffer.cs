using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Observe.Bpf.Interop;

namespace Observe.Bpf.Maps;

/// <summary>The consumer of a ring buffer map. Linux 5.8.</summary>
/// <remarks>One consumer a ring, one thread at a time. What finds no room is dropped by the program, which counts it.</remarks>
public sealed unsafe class BpfRingBuffer : SafeHandle
{
    /// <summary>Ends a poll early after the handler threw; any negative number does.</summary>
    private const int Stop = -Errno.EINTR;

    private readonly BpfMap map;
    private readonly RingRecordHandler handler;
    private GCHandle self;
    private ExceptionDispatchInfo? failure;

    /// <summary>Opens a loaded ring.</summary>
    /// <param name="map">A ring buffer map.</param>
    /// <param name="handler">Called for each record, on the polling thread.</param>
    /// <exception cref="BpfException">Another kind of map, not created, or the kernel refused.</exception>
    public BpfRingBuffer(BpfMap map, RingRecordHandler handler)
        : base(0, ownsHandle: true)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(handler);
        map.Require("consume", [BpfMapType.RingBuffer]);
        this.map = map;
        this.handler = handler;
        var fd = map.Fd;
        self = GCHandle.Alloc(this, GCHandleType.Weak);
        using var log = LibBpfLog.Record();
        SetHandle(LibBpf.ring_buffer__new(fd, &OnRecord, GCHandle.ToIntPtr(self), null));
        if (IsInvalid)
        {
            var errno = Marshal.GetLastPInvokeError();
            self.Free();
            throw new BpfException("consume", map.ToString(), errno, log.Text);
        }
        map.Owner.Own(this);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Waits for records and hands over all there are.</summary>
    /// <param name="timeout">How long to wait for the first; zero to take what is there.</param>
    /// <returns>How many were handed over; 0 after the timeout or a signal.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="Exception">What the handler threw. The record counts as taken; the rest stay in the ring.</exception>
    public int Poll(TimeSpan timeout)
    {
        using var call = new MapCall(this);
        // A poll is woken by notifications only, so what was submitted without one is fetched by consuming.
        var result = timeout == TimeSpan.Zero
            ? LibBpf.ring_buffer__consume(handle)
            : LibBpf.ring_buffer__poll(handle, (int)Math.Min(timeout.TotalMilliseconds, int.MaxValue));
        if (failure is { } thrown)
        {
            failure = null;
            thrown.Throw();
        }
        return result switch
        {
            >= 0 => result,
            -Errno.EINTR or -Errno.EAGAIN => 0,
            _ => throw new BpfException("consume", map.ToString(), -result),
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            map.Owner.Disown(this);
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibBpf.ring_buffer__free(handle);
        self.Free();
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnRecord(nint context, byte* data, nuint size)
    {
        // Called from C: an exception must wait until Poll is back in managed code.
        if (GCHandle.FromIntPtr(context).Target is not BpfRingBuffer ring)
            return Stop;
        try
        {
            ring.handler(new ReadOnlySpan<byte>(data, checked((int)size)));
            return 0;
        }
        catch (Exception e)
        {
            ring.failure = ExceptionDispatchInfo.Capture(e);
            return Stop;
        }
    }
}
