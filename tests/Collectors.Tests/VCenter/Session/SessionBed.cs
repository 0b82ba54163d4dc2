using Observe.Collectors.Tests.Running;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Session;
using Observe.Tests;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Session;

/// <summary>A server that knows sessions and nothing else, and clients of it.</summary>
public abstract class SessionBed : IDisposable
{
    /// <summary>What the server does.</summary>
    private protected SessionServer Sessions { get; } = new();

    /// <summary>What the clients say.</summary>
    private protected RecordingLogger<VCenterSession> Logger { get; } = new();

    /// <summary>Where password files are looked for.</summary>
    private protected string Credentials { get; } = Directory.CreateTempSubdirectory("observe-credentials-").FullName;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(Credentials, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected VCenterSession Make(VCenterEndpoint endpoint, TimeProvider? time = null, SessionTimings? timings = null, TimeSpan? timeout = null) =>
        new(endpoint, new VCenterOptions { Timeout = timeout ?? TimeSpan.FromSeconds(20) }, time ?? TimeProvider.System, Logger, timings, Credentials);

    /// <summary>Asks until it is answered, with pauses that take no time.</summary>
    private protected static async Task UntilAsync(VCenterSession session, ManualTime time)
    {
        for (var i = 0; await Task.WhenAny(TimeOf(session)) is { IsFaulted: true }; i++)
        {
            i.ShouldBeLessThan(20);
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private protected static Task<DateTimeOffset> TimeOf(VCenterSession session) => session.AskAsync((vim, _, token) => vim.CurrentTimeAsync(token), null, Token);
}
