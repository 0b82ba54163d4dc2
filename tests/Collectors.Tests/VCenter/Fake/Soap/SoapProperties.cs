using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>Specifications of filters, and what becomes of them.</summary>
internal static class SoapProperties
{
    /// <summary>A filter's specification: single objects, or what is in a view.</summary>
    public static (IReadOnlyList<PropertySet> Sets, IReadOnlyList<(ManagedObject Object, bool IsView)> Objects) Spec(VimValue spec)
    {
        List<PropertySet> sets = [.. spec.All("propSet").Select(each => each["all"]?.AsBoolean == true
            ? throw VimFault.Of("NotSupported", "all properties at once are nobody's business")
            : new PropertySet(each["type"]!.Text, [.. each.All("pathSet").Select(path => path.Text)]))];
        return (sets, [.. spec.All("objectSet").SelectMany(Objects)]);
    }

    public static IReadOnlyList<VimValue> Retrieve(FakeVCenter vcenter, FakeSession session, SoapRequest request)
    {
        var contents = new List<VimValue>();
        foreach (var spec in request.Arguments.All("specSet"))
        {
            var (sets, objects) = Spec(spec);
            contents.AddRange(vcenter.PropertyCollectors.Retrieve(session, request.This, sets, objects).Select(Content));
        }
        if (request.Arguments["options"]?["maxObjects"]?.AsInt64 is { } most && contents.Count > most)
            throw VimFault.Of("NotSupported", "no answer in several pieces is given here");
        if (request.Method == "RetrieveProperties")
            return contents;
        return contents.Count == 0 ? [] : [new VimValue(null, "", [.. contents.Select(each => KeyValuePair.Create("objects", each))])];
    }

    /// <summary>An answer to a wait, as its <c>UpdateSet</c>.</summary>
    public static VimValue Value(FakeAnswer answer) => Value(
    [
        new("version", Text(answer.Version)),
        .. answer.Updates.Select(each => KeyValuePair.Create("filterSet", Value([new("filter", Values.Ref(each.Filter)), .. each.Updates.Select(update => KeyValuePair.Create("objectSet", Value(update)))]))),
        .. answer.IsTruncated ? (KeyValuePair<string, VimValue>[])[new("truncated", Text("true"))] : [],
    ]);

    private static IEnumerable<(ManagedObject Object, bool IsView)> Objects(VimValue spec)
    {
        var (of, isSkipped) = (spec["obj"]!.AsManagedObject!.Value, spec["skip"]?.AsBoolean == true);
        if (spec["selectSet"] is not { } select)
            return [(of, false)];
        var isView = isSkipped && spec.All("selectSet").Count() == 1 && select.Type == "TraversalSpec" && select["path"]?.Text == "view" && select["skip"]?.AsBoolean != true && select["selectSet"] is null;
        if (!isView || !FakeTypes.Is(of.Type, select["type"]!.Text))
            throw VimFault.Of("NotSupported", "no other way than that from a view to what is in it is followed here");
        return [(of, true)];
    }

    private static VimValue Content(ObjectUpdate update) => Value(
    [
        new("obj", Values.Ref(update.Object)),
        .. update.Changes.Select(each => KeyValuePair.Create("propSet", Value([new("name", Text(each.Path)), new("val", Wire.Show(each.Value!))]))),
        .. update.Missing.Select(each => KeyValuePair.Create("missingSet", Missing(each))),
    ]);

    private static VimValue Value(ObjectUpdate update) => Value(
    [
        new("kind", Text(update.Kind)),
        new("obj", Values.Ref(update.Object)),
        .. update.Changes.Select(each => KeyValuePair.Create("changeSet", Value([new("name", Text(each.Path)), new("op", Text(each.Operation)), .. each.Value is null ? (KeyValuePair<string, VimValue>[])[] : [new("val", Wire.Show(each.Value))]]))),
        .. update.Missing.Select(each => KeyValuePair.Create("missingSet", Missing(each))),
    ]);

    private static VimValue Missing(KeyValuePair<string, string> missing) => Value(
        [new("path", Text(missing.Key)), new("fault", Value([new("fault", Values.Of(missing.Value)), new("localizedMessage", Text("Permission to perform this operation was denied."))]))]);

    private static VimValue Text(string text) => new(null, text, []);

    private static VimValue Value(IReadOnlyList<KeyValuePair<string, VimValue>> members) => new(null, "", members);
}
