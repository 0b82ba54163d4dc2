using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>A session as the contract has it, in the simulation's thread.</summary>
internal sealed class SimulatedSession(IVim vim) : IVCenterSession, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private bool isOpen;

    public ServiceContent? Content { get; private set; }

    public long Generation { get; private set; }

    public async Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            await LoginAsync(cancellationToken);
            var mine = Generation;
            if (generation is { } only && only != mine)
                throw new SessionChangedException();
            try
            {
                return await ask(vim, Content!, cancellationToken);
            }
            catch (VimFaultException fault) when (fault.Fault == "NotAuthenticated" && !isAgain)
            {
                isOpen &= mine != Generation;
            }
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task LoginAsync(CancellationToken cancellationToken)
    {
        if (isOpen)
            return;
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (isOpen)
                return;
            Content = await vim.RetrieveServiceContentAsync(cancellationToken);
            await vim.LoginAsync(Content.SessionManager, "reader", "correct horse", cancellationToken);
            Generation++;
            isOpen = true;
        }
        finally
        {
            turn.Release();
        }
    }
}
