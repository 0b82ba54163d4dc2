namespace Observe.Collectors.VCenter.Vim;

/// <summary>What a server says of itself.</summary>
/// <param name="FullName">Product, version and build, for people.</param>
/// <param name="Version">The product's version: <c>8.0.2</c>.</param>
/// <param name="Build">The build's number.</param>
/// <param name="ApiType"><c>VirtualCenter</c>, or <c>HostAgent</c> of an ESXi host.</param>
/// <param name="ApiVersion">Of the protocol: <c>8.0.2.0</c>.</param>
/// <param name="InstanceUuid">Tells this vCenter from all others; empty on ESXi hosts.</param>
internal sealed record AboutInfo(string FullName, string Version, string Build, string ApiType, string ApiVersion, string InstanceUuid)
{
    /// <summary>Whether it is a vCenter and no single ESXi host.</summary>
    public bool IsVCenter => ApiType == "VirtualCenter";
}
