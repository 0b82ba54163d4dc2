using System.Runtime.InteropServices;

namespace Observe.Bpf.Tests.Fixtures;

/// <summary>A thread that takes no signals until it is told to.</summary>
internal sealed class DeafThread : IDisposable
{
    private const int Block = 0; // SIG_BLOCK
    private const int Unblock = 1; // SIG_UNBLOCK
    private const int BytesOfSet = 128; // sigset_t of the C library

    private readonly ManualResetEventSlim deaf = new();
    private readonly ManualResetEventSlim listen = new();
    private readonly ManualResetEventSlim end = new();
    private readonly Thread thread;

    internal DeafThread()
    {
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
        deaf.Wait();
    }

    public void Dispose()
    {
        listen.Set();
        end.Set();
        thread.Join();
        deaf.Dispose();
        listen.Dispose();
        end.Dispose();
    }

    internal void Listen() => listen.Set();

    private void Run()
    {
        var all = new byte[BytesOfSet];
        sigfillset(all).ShouldBe(0);
        pthread_sigmask(Block, all, 0).ShouldBe(0);
        deaf.Set();
        listen.Wait();
        pthread_sigmask(Unblock, all, 0).ShouldBe(0);
        end.Wait();
    }

    [DllImport("libc")]
    private static extern int sigfillset([In, Out] byte[] set);

    [DllImport("libc")]
    private static extern int pthread_sigmask(int how, byte[] set, nint old);
}
