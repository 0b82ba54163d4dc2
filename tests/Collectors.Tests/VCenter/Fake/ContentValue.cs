using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>The service content as a value.</summary>
internal static class ContentValue
{
    public static VimValue Of(ServiceContent content) => Values.Of(
        "ServiceContent",
        ("rootFolder", Values.Ref(content.RootFolder)),
        ("propertyCollector", Values.Ref(content.PropertyCollector)),
        ("viewManager", Ref(content.ViewManager)),
        ("about", About(content.About)),
        ("setting", Ref(content.Setting)),
        ("sessionManager", Values.Ref(content.SessionManager)),
        ("perfManager", Ref(content.PerfManager)),
        ("eventManager", Ref(content.EventManager)),
        ("taskManager", Ref(content.TaskManager)));

    private static VimValue About(AboutInfo about) => Values.Of(
        "AboutInfo",
        ("name", Values.Text("VMware vCenter Server")),
        ("fullName", Values.Text(about.FullName)),
        ("vendor", Values.Text("VMware, Inc.")),
        ("version", Values.Text(about.Version)),
        ("build", Values.Text(about.Build)),
        ("localeVersion", Values.Text("INTL")),
        ("localeBuild", Values.Text("000")),
        ("osType", Values.Text("linux-x64")),
        ("productLineId", Values.Text("vpx")),
        ("apiType", Values.Text(about.ApiType)),
        ("apiVersion", Values.Text(about.ApiVersion)),
        ("instanceUuid", about.InstanceUuid.Length > 0 ? Values.Text(about.InstanceUuid) : null),
        ("licenseProductName", Values.Text("VMware VirtualCenter Server")),
        ("licenseProductVersion", Values.Text("8.0")));

    private static VimValue? Ref(ManagedObject? of) => of is { } it ? Values.Ref(it) : null;
}
