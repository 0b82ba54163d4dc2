using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <content>Properties and views.</content>
internal sealed partial class SoapVim
{
    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, VimValue>> RetrievePropertiesAsync(
        ManagedObject propertyCollector, ManagedObject of, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var returned = await CallAsync("RetrievePropertiesEx", propertyCollector, cancellationToken, xml =>
        {
            xml.WriteMembers("specSet", spec =>
            {
                WriteSet(spec, new PropertySet(of.Type, paths));
                spec.WriteMembers("objectSet", each => each.WriteObject("obj", of));
            });
            // No bound: one object is never cut into several answers.
            xml.WriteMembers("options", _ => { });
        }).ConfigureAwait(false);
        return VimReading.Properties(returned);
    }

    /// <inheritdoc/>
    public Task<ManagedObject> CreatePropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) =>
        CreateAsync("CreatePropertyCollector", propertyCollector, cancellationToken);

    /// <inheritdoc/>
    public Task DestroyPropertyCollectorAsync(ManagedObject propertyCollector, CancellationToken cancellationToken) =>
        CallAsync("DestroyPropertyCollector", propertyCollector, cancellationToken);

    /// <inheritdoc/>
    public Task<ManagedObject> CreateContainerViewAsync(ManagedObject viewManager, ManagedObject container, IReadOnlyList<string> types, CancellationToken cancellationToken) =>
        CreateAsync("CreateContainerView", viewManager, cancellationToken, xml =>
        {
            xml.WriteObject("container", container);
            foreach (var type in types)
                xml.WriteText("type", type);
            xml.WriteBoolean("recursive", true);
        });

    /// <inheritdoc/>
    public Task DestroyViewAsync(ManagedObject view, CancellationToken cancellationToken) => CallAsync("DestroyView", view, cancellationToken);

    /// <inheritdoc/>
    public Task<ManagedObject> CreateViewFilterAsync(ManagedObject propertyCollector, ManagedObject view, IReadOnlyList<PropertySet> sets, CancellationToken cancellationToken) =>
        CreateFilterAsync(propertyCollector, sets, spec => spec.WriteMembers("objectSet", each =>
        {
            each.WriteObject("obj", view);
            each.WriteBoolean("skip", true);
            each.WriteMembers("selectSet", traversal =>
            {
                traversal.WriteText("name", "view");
                traversal.WriteText("type", view.Type);
                traversal.WriteText("path", "view");
                traversal.WriteBoolean("skip", false);
            }, "TraversalSpec");
        }), cancellationToken);

    /// <inheritdoc/>
    public Task<ManagedObject> CreateObjectFilterAsync(ManagedObject propertyCollector, IReadOnlyList<ManagedObject> objects, PropertySet set, CancellationToken cancellationToken) =>
        CreateFilterAsync(propertyCollector, [set], spec =>
        {
            foreach (var each in objects)
                spec.WriteMembers("objectSet", one => one.WriteObject("obj", each));
        }, cancellationToken);

    /// <inheritdoc/>
    public async Task<UpdateSet?> WaitForUpdatesAsync(
        ManagedObject propertyCollector, string version, TimeSpan maxWait, int maxObjectUpdates, CancellationToken cancellationToken)
    {
        var seconds = (int)maxWait.TotalSeconds;
        var call = new SoapCall("WaitForUpdatesEx", propertyCollector, xml =>
        {
            xml.WriteText("version", version);
            xml.WriteMembers("options", options =>
            {
                options.WriteNumber("maxWaitSeconds", seconds);
                options.WriteNumber("maxObjectUpdates", maxObjectUpdates);
            });
        })
        { MaxWait = TimeSpan.FromSeconds(seconds) };
        var returned = await transport.CallAsync(call, cancellationToken).ConfigureAwait(false);
        return returned.Count == 0 ? null : Expect(call.Method, VimReading.Updates, returned);
    }

    private Task<ManagedObject> CreateFilterAsync(ManagedObject propertyCollector, IReadOnlyList<PropertySet> sets, Action<XmlWriter> objects, CancellationToken cancellationToken) =>
        CreateAsync("CreateFilter", propertyCollector, cancellationToken, xml =>
        {
            xml.WriteMembers("spec", spec =>
            {
                foreach (var set in sets)
                    WriteSet(spec, set);
                objects(spec);
            });
            xml.WriteBoolean("partialUpdates", true);
        });

    private static void WriteSet(XmlWriter xml, PropertySet set) => xml.WriteMembers("propSet", spec =>
    {
        spec.WriteText("type", set.Type);
        spec.WriteBoolean("all", false);
        foreach (var path in set.Paths)
            spec.WriteText("pathSet", path);
    });
}
