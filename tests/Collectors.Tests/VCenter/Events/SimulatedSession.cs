using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>A session as the contract has it, in the simulation's thread.</summary>
internal sealed class SimulatedSession(IVim vim) : IVCenterSession
{
    private Task? login;

    public ServiceContent? Content { get; private set; }

    public long Generation { get; private set; }

    public async Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken)
    {
        for (var isAgain = false; ; isAgain = true)
        {
            if (login is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                login = LoginAsync();
            var used = login;
            await used;
            var mine = Generation;
            if (generation is { } only && only != mine)
                throw new SessionChangedException();
            try
            {
                return await ask(vim, Content!, cancellationToken);
            }
            catch (VimFaultException fault) when (fault.Fault == "NotAuthenticated" && !isAgain)
            {
                // Not if somebody else is at it already.
                if (login == used)
                    login = null;
            }
        }
    }

    private async Task LoginAsync()
    {
        Content = await vim.RetrieveServiceContentAsync(CancellationToken.None);
        await vim.LoginAsync(Content.SessionManager, "reader", "correct horse", CancellationToken.None);
        Generation++;
    }
}
