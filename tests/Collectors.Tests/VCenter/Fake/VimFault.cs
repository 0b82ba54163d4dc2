using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>Refusals, as a vCenter words them.</summary>
internal static class VimFault
{
    public static VimFaultException Of(string fault, string message, params ReadOnlySpan<(string Name, VimValue? Value)> members) =>
        new(fault, message, members.Length == 0 ? null : Values.Of(fault, members));

    public static VimFaultException NotFound(ManagedObject what) =>
        Of("ManagedObjectNotFound", $"The object '{what.Type}:{what.Id}' has already been deleted or has not been completely created", ("obj", Values.Ref(what)));

    public static VimFaultException NotAuthenticated(ManagedObject what) =>
        Of("NotAuthenticated", "The session is not authenticated.", ("object", Values.Ref(what)), ("privilegeId", Values.Text("System.View")));

    public static VimFaultException InvalidArgument(string property) =>
        Of("InvalidArgument", $"A specified parameter was not correct: {property}", ("invalidProperty", Values.Text(property)));

    public static VimFaultException InvalidProperty(string name) =>
        Of("InvalidProperty", $"The property '{name}' is invalid.", ("name", Values.Text(name)));
}
