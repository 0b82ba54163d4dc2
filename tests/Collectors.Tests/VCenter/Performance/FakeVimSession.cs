using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Performance;

/// <summary>The simplest session there can be: logs in when it must, and asks once more.</summary>
/// <param name="vim">What is asked through.</param>
internal sealed class FakeVimSession(IVim vim) : IVCenterSession
{
    public ServiceContent? Content { get; private set; }

    public long Generation { get; private set; }

    public async Task<T> AskAsync<T>(Func<IVim, ServiceContent, CancellationToken, Task<T>> ask, long? generation, CancellationToken cancellationToken)
    {
        try
        {
            if (Content is not null)
                return await ask(vim, Content, cancellationToken);
        }
        catch (VimFaultException lost) when (lost.Fault == "NotAuthenticated")
        {
            // As below.
        }
        var content = await vim.RetrieveServiceContentAsync(cancellationToken);
        await vim.LoginAsync(content.SessionManager, "reader", "correct horse", cancellationToken);
        (Content, Generation) = (content, Generation + 1);
        return await ask(vim, content, cancellationToken);
    }
}
