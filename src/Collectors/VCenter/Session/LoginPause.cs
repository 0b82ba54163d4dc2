using System.Globalization;

namespace Observe.Collectors.VCenter.Session;

/// <summary>
/// When the next login may be tried: soon, where the server was not reached; much later, where it refused the credentials, for each
/// attempt brings the account nearer to being locked, unless they have changed meanwhile. Used by one thread at a time.
/// </summary>
/// <param name="timings">How long.</param>
/// <param name="time">The clock.</param>
internal sealed class LoginPause(SessionTimings timings, TimeProvider time)
{
    private readonly Backoff unreached = new(timings.FirstPause, timings.LongestPause, timings.LongestPause, time, new Random());
    private readonly Backoff refused = new(timings.FirstRefusedPause, timings.LongestRefusedPause, timings.LongestRefusedPause, time, new Random());
    private Credentials? refusedOnes;
    private VCenterException? last;

    /// <summary>Says no while it is not time yet.</summary>
    /// <param name="source">Where credentials come from.</param>
    /// <exception cref="VCenterException">It is not; why, and when it is.</exception>
    public void Check(CredentialSource source)
    {
        if (last is null)
            return;
        var wait = refusedOnes is null ? unreached.Remaining : HaveChanged(source) ? TimeSpan.Zero : refused.Remaining;
        if (wait > TimeSpan.Zero)
            throw new VCenterException(string.Create(CultureInfo.InvariantCulture, $"{last.Message}; the next login is tried in {Math.Ceiling(wait.TotalSeconds):0} s"), last.Remedy, last) { IsTold = true };
    }

    /// <summary>There is a session, of which nobody knows yet whether it lasts: the next pause is as long as it would have been.</summary>
    public void Begun()
    {
        refused.Succeeded();
        (last, refusedOnes) = (null, null);
    }

    /// <summary>The session lasts: the next pause is a short one again.</summary>
    public void Lasts() => unreached.Succeeded();

    /// <summary>It did not come to a session.</summary>
    /// <param name="error">Why.</param>
    /// <returns>How long the pause is.</returns>
    public TimeSpan Failed(VCenterException error)
    {
        (last, refusedOnes) = (error, null);
        return unreached.Failed(null);
    }

    /// <summary>The credentials were refused.</summary>
    /// <param name="credentials">They.</param>
    /// <param name="error">In words.</param>
    /// <returns>How long the pause is.</returns>
    public TimeSpan Refused(Credentials credentials, VCenterException error)
    {
        (last, refusedOnes) = (error, credentials);
        return refused.Failed(null);
    }

    private bool HaveChanged(CredentialSource source)
    {
        try
        {
            return !source.Read().Equals(refusedOnes);
        }
        catch (VCenterException)
        {
            // Nothing to try with.
            return false;
        }
    }
}
