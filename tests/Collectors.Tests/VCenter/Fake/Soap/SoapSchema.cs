using System.Globalization;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake.Soap;

/// <summary>
/// What requests must look like: members in the API's order, none unknown, none missing. A line: a method or a type of data object
/// (derived from another, after a colon), and its members with their types; <c>?</c> may be missing, <c>*</c> many or none, <c>+</c> many.
/// </summary>
internal static class SoapSchema
{
    private const string Methods = """
        RetrieveServiceContent _this:ref
        CurrentTime _this:ref
        Login _this:ref userName:string password:string locale:string?
        Logout _this:ref
        TerminateSession _this:ref sessionId:string+
        CreatePropertyCollector _this:ref
        DestroyPropertyCollector _this:ref
        CreateFilter _this:ref spec:PropertyFilterSpec partialUpdates:boolean
        DestroyPropertyFilter _this:ref
        WaitForUpdatesEx _this:ref version:string? options:WaitOptions?
        CancelWaitForUpdates _this:ref
        RetrievePropertiesEx _this:ref specSet:PropertyFilterSpec+ options:RetrieveOptions
        RetrieveProperties _this:ref specSet:PropertyFilterSpec+
        CreateContainerView _this:ref container:ref type:string* recursive:boolean
        DestroyView _this:ref
        QueryPerf _this:ref querySpec:PerfQuerySpec+
        QueryOptions _this:ref name:string?
        CreateCollectorForEvents _this:ref filter:EventFilterSpec
        CreateCollectorForTasks _this:ref filter:TaskFilterSpec
        SetCollectorPageSize _this:ref maxCount:int
        RewindCollector _this:ref
        ResetCollector _this:ref
        ReadNextEvents _this:ref maxCount:int
        ReadPreviousEvents _this:ref maxCount:int
        ReadNextTasks _this:ref maxCount:int
        ReadPreviousTasks _this:ref maxCount:int
        DestroyCollector _this:ref
        """;

    private const string Types = """
        PropertyFilterSpec propSet:PropertySpec+ objectSet:ObjectSpec+ reportMissingObjectsInResults:boolean?
        PropertySpec type:string all:boolean? pathSet:string*
        ObjectSpec obj:ref skip:boolean? selectSet:SelectionSpec*
        SelectionSpec name:string?
        TraversalSpec name:string? type:string path:string skip:boolean? selectSet:SelectionSpec*
        WaitOptions maxWaitSeconds:int? maxObjectUpdates:int?
        RetrieveOptions maxObjects:int?
        PerfQuerySpec entity:ref startTime:dateTime? endTime:dateTime? maxSample:int? metricId:PerfMetricId* intervalId:int? format:string?
        PerfMetricId counterId:int instance:string
        EventFilterSpec time:EventFilterSpecByTime? disableFullMessage:boolean? eventTypeId:string* maxCount:int?
        EventFilterSpecByTime beginTime:dateTime? endTime:dateTime?
        TaskFilterSpec time:TaskFilterSpecByTime? state:string*
        TaskFilterSpecByTime timeType:string beginTime:dateTime? endTime:dateTime?
        """;

    private static readonly Dictionary<string, string[]> ByMethod = Read(Methods);
    private static readonly Dictionary<string, string[]> ByType = Read(Types);
    private static readonly Dictionary<string, string> Bases = new(StringComparer.Ordinal) { ["TraversalSpec"] = "SelectionSpec" };

    /// <summary>Checks a request.</summary>
    /// <exception cref="SoapException">It is wrong.</exception>
    public static void Check(SoapRequest request)
    {
        if (!ByMethod.TryGetValue(request.Method, out var members))
            throw new SoapException($"Unable to resolve WSDL method name {request.Method}");
        Check(request.Method, request.Arguments, members);
    }

    private static void Check(string path, VimValue value, string[] members)
    {
        var next = 0;
        foreach (var member in members)
        {
            var (name, type) = member.Split(':') is [var one, var two] ? (one, two) : throw new FormatException(member);
            var (isOptional, isMany) = (type[^1] is '?' or '*', type[^1] is '*' or '+');
            var count = 0;
            for (; next < value.Members.Count && value.Members[next].Key == name && (isMany || count == 0); next++, count++)
                CheckOne($"{path}.{name}", value.Members[next].Value, type.TrimEnd('?', '*', '+'));
            if (count == 0 && !isOptional)
                throw new SoapException($"Required element {path}.{name} is missing, or not where it must be");
        }
        if (next < value.Members.Count)
            throw new SoapException($"Unexpected element {value.Members[next].Key} in {path}: it is unknown, comes twice, or too late");
    }

    private static void CheckOne(string path, VimValue value, string type)
    {
        if (ByType.TryGetValue(type, out var members))
        {
            var actual = value.Type ?? type;
            if (actual != type && Bases.GetValueOrDefault(actual) != type)
                throw new SoapException($"{path} is a {actual} and no {type}");
            Check(path, value, actual == type ? members : ByType[actual]);
            return;
        }
        if (value.Members.Count > 0)
            throw new SoapException($"{path} has members");
        var isRight = type switch
        {
            "ref" => value.AsManagedObject is { } reference && FakeTypes.IsManaged(reference.Type),
            "int" => int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "boolean" => value.AsBoolean is not null,
            "dateTime" => value.AsTime is not null && value.Text.Contains('T', StringComparison.Ordinal),
            _ => true,
        };
        if (!isRight)
            throw new SoapException($"{path}: '{value.Text}' is no {type}");
    }

    private static Dictionary<string, string[]> Read(string lines) => lines
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words[1..], StringComparer.Ordinal);
}
