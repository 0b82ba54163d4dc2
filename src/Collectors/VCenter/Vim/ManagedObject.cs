namespace Observe.Collectors.VCenter.Vim;

/// <summary>A reference to an object that the server manages: <c>VirtualMachine:vm-42</c>.</summary>
/// <param name="Type">Its type: <c>VirtualMachine</c>.</param>
/// <param name="Id">Its id, unique in its vCenter as long as it is there: <c>vm-42</c>.</param>
internal readonly record struct ManagedObject(string Type, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type}:{Id}";
}
