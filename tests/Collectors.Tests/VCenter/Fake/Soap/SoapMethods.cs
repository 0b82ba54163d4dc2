using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>What each method does: reads its arguments, asks the vCenter, and makes a value of the answer.</summary>
/// <param name="vcenter">The vCenter.</param>
internal sealed class SoapMethods(FakeVCenter vcenter)
{
    /// <summary>Calls a method in a session. Logins are the server's own.</summary>
    public async Task<IReadOnlyList<VimValue>> CallAsync(SoapRequest request, FakeSession? present, CancellationToken cancellationToken)
    {
        if (request.Method == "RetrieveServiceContent")
            return [Unsaid(ContentValue.Of(vcenter.Content))];
        var session = FakeVCenter.Need(present, request.This);
        vcenter.Find(session, request.This);
        return request.Method switch
        {
            "WaitForUpdatesEx" => await WaitAsync(session, request, cancellationToken),
            "RetrieveProperties" or "RetrievePropertiesEx" => SoapProperties.Retrieve(vcenter, session, request),
            "QueryPerf" => SoapPerformance.Query(vcenter, session, request),
            _ => Simple(session, request) is { } returned ? [returned] : History(session, request),
        };
    }

    private VimValue? Simple(FakeSession session, SoapRequest request)
    {
        var (on, arguments) = (request.This, request.Arguments);
        switch (request.Method)
        {
            case "CurrentTime":
                return Unsaid(Values.Time(vcenter.Clock.Now));
            case "CreatePropertyCollector":
                return Values.Ref(vcenter.PropertyCollectors.Create(session));
            case "CreateContainerView":
                return Values.Ref(vcenter.PropertyCollectors.CreateView(session, arguments["container"]!.AsManagedObject!.Value, [.. arguments.All("type").Select(each => each.Text)], arguments["recursive"]!.AsBoolean == true));
            case "CreateFilter":
                var (sets, objects) = SoapProperties.Spec(arguments["spec"]!);
                return Values.Ref(vcenter.PropertyCollectors.CreateFilter(session, on, sets, objects, arguments["partialUpdates"]!.AsBoolean == true));
            case "CreateCollectorForEvents":
                var events = arguments["filter"]!;
                return Values.Ref(vcenter.Events.CreateCollector(session, events["time"]?["beginTime"]?.AsTime, events["time"]?["endTime"]?.AsTime, [.. events.All("eventTypeId").Select(each => each.Text)], (int?)events["maxCount"]?.AsInt64));
            case "CreateCollectorForTasks":
                var tasks = arguments["filter"]!;
                return Values.Ref(vcenter.Tasks.CreateCollector(session, tasks["time"]?["timeType"]?.Text ?? "queuedTime", tasks["time"]?["beginTime"]?.AsTime, tasks["time"]?["endTime"]?.AsTime, [.. tasks.All("state").Select(each => each.Text)]));
            case "QueryOptions":
                var name = arguments["name"]?.Text ?? "";
                return Unsaid(Values.Of("OptionValue", ("key", Values.Text(name)), ("value", Values.Text(vcenter.Option(name)))));
            default:
                return null;
        }
    }

    private List<VimValue> History(FakeSession session, SoapRequest request)
    {
        var (on, count) = (request.This, (int)(request.Arguments["maxCount"]?.AsInt64 ?? 0));
        switch (request.Method)
        {
            case "ReadNextEvents" or "ReadPreviousEvents":
                return [.. vcenter.Events.Read(session, on, "EventHistoryCollector", count, request.Method == "ReadNextEvents").Select(each => Wire.Show(each.Value))];
            case "ReadNextTasks" or "ReadPreviousTasks":
                return [.. vcenter.Events.Read(session, on, "TaskHistoryCollector", count, request.Method == "ReadNextTasks").Select(each => Unsaid(each.Value))];
            case "SetCollectorPageSize":
                vcenter.Events.SetPageSize(session, on, count);
                break;
            case "RewindCollector" or "ResetCollector":
                vcenter.Events.Rewind(session, on, request.Method == "ResetCollector");
                break;
            case "DestroyCollector":
                vcenter.Events.Destroy(session, on);
                break;
            case "DestroyView":
                vcenter.PropertyCollectors.DestroyView(session, on);
                break;
            case "DestroyPropertyFilter":
                vcenter.PropertyCollectors.DestroyFilter(session, on);
                break;
            case "DestroyPropertyCollector":
                vcenter.PropertyCollectors.Destroy(session, on);
                break;
            case "CancelWaitForUpdates":
                vcenter.PropertyCollectors.CancelWait(session, on);
                break;
            case "TerminateSession":
                if (!request.Arguments.All("sessionId").All(each => vcenter.Sessions.Find(each.Text) is { } other && other != session))
                    throw VimFault.Of("NotFound", "The object or item referred to could not be found.");
                foreach (var each in request.Arguments.All("sessionId"))
                    vcenter.Sessions.Kill(vcenter.Sessions.Find(each.Text));
                break;
            default:
                throw new SoapException($"Unable to resolve WSDL method name {request.Method}");
        }
        return [];
    }

    private async Task<IReadOnlyList<VimValue>> WaitAsync(FakeSession session, SoapRequest request, CancellationToken cancellationToken)
    {
        var options = request.Arguments["options"];
        var wait = options?["maxWaitSeconds"]?.AsInt64 is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var answer = await vcenter.PropertyCollectors.WaitAsync(session, request.This, request.Arguments["version"]?.Text ?? "", wait, (int?)options?["maxObjectUpdates"]?.AsInt64, cancellationToken);
        return answer is null ? [] : [SoapProperties.Value(answer)];
    }

    // A type that the method's definition says is not said again.
    private static VimValue Unsaid(VimValue value) => Wire.Show(value, isSaid: false);
}
