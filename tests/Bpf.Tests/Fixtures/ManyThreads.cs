using System.IO.Pipes;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>Threads that do what threads do: compute, sleep, wait for a lock and for a pipe, and start others.</summary>
internal sealed class ManyThreads : IDisposable
{
    /// <summary>Threads there are all the time.</summary>
    internal const int Count = 5;

    private readonly AnonymousPipeServerStream pipe = new();
    private readonly CancellationTokenSource end = new();
    private readonly Lock held = new();
    private readonly Thread[] threads;
    private long computed;
    private volatile bool interrupted;

    internal ManyThreads()
    {
        held.Enter();
        threads =
        [
            .. new Action[] { Compute, Sleep, WaitForLock, WaitForPipe, StartOthers }.Select(each =>
            {
                var thread = new Thread(() => Run(each)) { IsBackground = true };
                thread.Start();
                return thread;
            }),
        ];
    }

    public void Dispose()
    {
        end.Cancel();
        held.Exit();
        pipe.WriteByte(1);
        foreach (var thread in threads)
            thread.Join();
        pipe.Dispose();
        end.Dispose();
    }

    /// <summary>Whether all do still what they did.</summary>
    internal bool HaveGoneOn()
    {
        var before = Interlocked.Read(ref computed);
        return SpinWait.SpinUntil(() => Interlocked.Read(ref computed) > before, TimeSpan.FromSeconds(10)) && !interrupted && threads.All(each => each.IsAlive);
    }

    private void Run(Action work)
    {
        try
        {
            work();
        }
        catch (Exception)
        {
            interrupted = true;
        }
    }

    private void Compute()
    {
        while (!end.IsCancellationRequested)
            Interlocked.Increment(ref computed);
    }

    private void Sleep()
    {
        while (!end.IsCancellationRequested)
            Thread.Sleep(10);
    }

    private void WaitForLock()
    {
        lock (held)
            interrupted |= !end.IsCancellationRequested;
    }

    private void WaitForPipe()
    {
        using var reading = new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle);
        interrupted |= reading.ReadByte() != 1 || !end.IsCancellationRequested;
    }

    /// <summary>Each starts the next one and ends: wherever one looks, there is one more that has just been started.</summary>
    private void StartOthers()
    {
        while (!end.IsCancellationRequested)
        {
            var other = new Thread(() => { }) { IsBackground = true };
            other.Start();
            other.Join();
        }
    }
}
