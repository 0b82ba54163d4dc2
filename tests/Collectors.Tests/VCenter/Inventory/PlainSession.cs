using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>A session as simple as can be: logs in when there is none, and says when it was another one.</summary>
internal sealed class PlainSession(FakeVCenter vcenter) : IVCenterSession, IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private FakeVim? vim;
    private long generation;

    public ServiceContent? Content { get; private set; }

    public long Generation => Interlocked.Read(ref generation);

    public async Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            var (present, content, its) = await LogInAsync(cancellationToken);
            if (generation is { } wanted && wanted != its)
                throw new SessionChangedException();
            try
            {
                return await ask(present, content, cancellationToken);
            }
            catch (VimFaultException lost) when (lost.Fault == "NotAuthenticated" && !isSecond)
            {
            }
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<(FakeVim Vim, ServiceContent Content, long Generation)> LogInAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (vim?.Session is null || Content is null)
            {
                // A session is a client of its own, so that nothing that is asked in one gets into the next.
                var next = vcenter.Connect();
                Content = await next.RetrieveServiceContentAsync(cancellationToken);
                await next.LoginAsync(Content.SessionManager, "reader", "correct horse", cancellationToken);
                (vim, _) = (next, Interlocked.Increment(ref generation));
            }
            return (vim, Content, Generation);
        }
        finally
        {
            gate.Release();
        }
    }
}
