using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Performance;

/// <summary>Tells failures apart.</summary>
internal static class Failure
{
    /// <summary>What kind one is.</summary>
    /// <param name="error">It; not the caller's own cancellation.</param>
    public static FailureKind KindOf(Exception error) => error switch
    {
        SessionChangedException or VimFaultException { Fault: "NotAuthenticated" } => FailureKind.Session,
        // Of the sizes that a server limits there is a fault; of those that it does not bear there is any.
        VimFaultException { Fault: "RestrictedByAdministrator" } => FailureKind.Refused,
        VimFaultException => FailureKind.Entity,
        _ => FailureKind.Unanswered,
    };
}
