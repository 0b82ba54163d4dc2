using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

/// <summary>A session as simple as can be: logs in when there is none, and says when it was another one.</summary>
internal sealed class PlainSession(FakeVim vim) : IVCenterSession, IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private long generation;

    public ServiceContent? Content { get; private set; }

    public long Generation => Interlocked.Read(ref generation);

    public async Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            var (content, present) = await LogInAsync(cancellationToken);
            if (generation is { } wanted && wanted != present)
                throw new SessionChangedException();
            try
            {
                return await ask(vim, content, cancellationToken);
            }
            catch (VimFaultException lost) when (lost.Fault == "NotAuthenticated" && !isSecond)
            {
            }
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<(ServiceContent Content, long Generation)> LogInAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (vim.Session is null || Content is null)
            {
                Content = await vim.RetrieveServiceContentAsync(cancellationToken);
                if (vim.Session is null)
                {
                    await vim.LoginAsync(Content.SessionManager, "reader", "correct horse", cancellationToken);
                    Interlocked.Increment(ref generation);
                }
            }
            return (Content, Generation);
        }
        finally
        {
            gate.Release();
        }
    }
}
