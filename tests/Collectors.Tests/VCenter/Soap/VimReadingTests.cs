using System.Xml.Linq;
using Observe.Collectors.VCenter.Soap;
using Observe.Collectors.VCenter.Vim;
using Shouldly;
using Xunit;

namespace Observe.Collectors.Tests.VCenter.Soap;

/// <summary>Answers as vCenters write them, and requests in the order that they insist on.</summary>
public sealed class VimReadingTests
{
    private static readonly ManagedObject Collector = new("PropertyCollector", "propertyCollector");
    private static readonly ManagedObject Vm = new("VirtualMachine", "vm-1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitForUpdatesAsync_Updates_AreReadWithAllThatTheyMayHave()
    {
        var (updates, request) = await AskAsync(
            """
            <returnval><version>5</version><filterSet><filter type="PropertyFilter">session[1]2</filter>
              <objectSet><kind>modify</kind><obj type="VirtualMachine">vm-1</obj>
                <changeSet><name>runtime.host</name><op>assign</op><val type="HostSystem" xsi:type="ManagedObjectReference">host-1</val></changeSet>
                <changeSet><name>snapshot</name><op>indirectRemove</op></changeSet>
                <changeSet><name>triggeredAlarmState</name><op>assign</op><val xsi:type="ArrayOfAlarmState"><AlarmState xsi:type="AlarmState"><key>a.1</key><acknowledged>false</acknowledged></AlarmState></val></changeSet>
                <missingSet><path>config.uuid</path><fault><fault xsi:type="NoPermission"><privilegeId>System.Read</privilegeId></fault><localizedMessage/></fault></missingSet>
              </objectSet></filterSet>
              <filterSet><filter type="PropertyFilter">session[1]3</filter><objectSet><kind>leave</kind><obj type="Datastore">ds-1</obj></objectSet></filterSet><truncated>true</truncated></returnval>
            """,
            vim => vim.WaitForUpdatesAsync(Collector, "4", TimeSpan.FromSeconds(10.9), 100, Token));

        (updates!.Version, updates.IsTruncated, updates.Updates.Count).ShouldBe(("5", true, 2));
        var modified = updates.Updates[0];
        (modified.Kind, modified.Object).ShouldBe(("modify", Vm));
        modified.Changes[0].Value!.AsManagedObject.ShouldBe(new ManagedObject("HostSystem", "host-1"));
        (modified.Changes[1].Operation, modified.Changes[1].Value).ShouldBe(("indirectRemove", null));
        modified.Changes[2].Value!.Elements.Single()["acknowledged"]!.AsBoolean.ShouldBe(false);
        modified.Missing.ShouldBe([KeyValuePair.Create("config.uuid", "NoPermission")]);
        (updates.Updates[1].Kind, updates.Updates[1].Object).ShouldBe(("leave", new ManagedObject("Datastore", "ds-1")));
        request.ShouldBe("_this[PropertyCollector]=propertyCollector version=4 options(maxWaitSeconds=10 maxObjectUpdates=100)");
    }

    [Fact]
    public async Task WaitForUpdatesAsync_Nothing_IsNull()
    {
        var (updates, _) = await AskAsync("", vim => vim.WaitForUpdatesAsync(Collector, "", TimeSpan.Zero, 1, Token));

        updates.ShouldBeNull();
    }

    [Fact]
    public async Task QueryPerfAsync_Samples_AreReadAndAskedForInOrder()
    {
        var begin = new DateTimeOffset(2026, 11, 21, 14, 0, 0, 500, TimeSpan.Zero);
        var (samples, request) = await AskAsync(
            """
            <returnval xsi:type="PerfEntityMetric"><entity type="VirtualMachine">vm-1</entity>
              <sampleInfo><timestamp>2026-11-21T14:00:20Z</timestamp><interval>20</interval></sampleInfo><sampleInfo><timestamp>2026-11-21T14:00:40Z</timestamp><interval>20</interval></sampleInfo>
              <value xsi:type="PerfMetricIntSeries"><id><counterId>12</counterId><instance></instance></id><value>143</value><value>-1</value></value>
              <value xsi:type="PerfMetricIntSeries"><id><counterId>6</counterId><instance>vmnic0</instance></id><value>1</value><value>9223372036854775807</value></value></returnval>
            """,
            vim => vim.QueryPerfAsync(new ManagedObject("PerformanceManager", "PerfMgr"), [new PerfQuery(Vm, begin, 180, 20, [(12, ""), (6, "*")])], Token));

        var one = samples.ShouldHaveSingleItem();
        (one.Entity, one.Times.Count, one.Times[1]).ShouldBe((Vm, 2, new DateTimeOffset(2026, 11, 21, 14, 0, 40, TimeSpan.Zero)));
        one.Series.Select(each => (each.Counter, each.Instance, string.Join(',', each.Values))).ShouldBe([(12, "", "143,-1"), (6, "vmnic0", "1,9223372036854775807")]);
        request.ShouldBe(
            "_this[PerformanceManager]=PerfMgr querySpec(entity[VirtualMachine]=vm-1 startTime=2026-11-21T14:00:00.5Z maxSample=180 metricId(counterId=12 instance=) metricId(counterId=6 instance=*) intervalId=20 format=normal)");
    }

    [Fact]
    public async Task ReadNextEventsAsync_Events_AreReadWithAllMembers()
    {
        var (events, _) = await AskAsync(
            """
            <returnval xsi:type="EventEx"><key>7</key><chainId>5</chainId><createdTime>2026-11-21T14:00:00.123456Z</createdTime><userName/><vm><name>a &amp; b</name><vm type="VirtualMachine">vm-1</vm></vm><eventTypeId>com.vmware.vc.ha.VmRestartedByHAEvent</eventTypeId></returnval>
            <returnval xsi:type="DrsVmMigratedEvent"><key>8</key><chainId>8</chainId><createdTime>2026-11-21T15:00:00.5+01:00</createdTime></returnval>
            """,
            vim => vim.ReadNextEventsAsync(new ManagedObject("EventHistoryCollector", "c"), 1000, Token));

        events.Select(each => (each.Type, each.Key, each.ChainId, each.CreatedTime.UtcTicks % TimeSpan.TicksPerSecond)).ShouldBe([("EventEx", 7, 5, 1234560), ("DrsVmMigratedEvent", 8, 8, 5000000)]);
        events[1].CreatedTime.UtcDateTime.Hour.ShouldBe(14);
        events[0].Value["vm"]!["name"]!.Text.ShouldBe("a & b");
        events[0].Value["eventTypeId"]!.Text.ShouldBe("com.vmware.vc.ha.VmRestartedByHAEvent");
    }

    [Fact]
    public async Task CreateViewFilterAsync_View_IsFollowedToItsObjects()
    {
        var (filter, request) = await AskAsync(
            """<returnval type="PropertyFilter">session[1]9</returnval>""",
            vim => vim.CreateViewFilterAsync(Collector, new ManagedObject("ContainerView", "view-1"), [new PropertySet("VirtualMachine", ["name", "runtime.host"])], Token));

        filter.ShouldBe(new ManagedObject("PropertyFilter", "session[1]9"));
        request.ShouldBe(
            "_this[PropertyCollector]=propertyCollector spec(propSet(type=VirtualMachine all=false pathSet=name pathSet=runtime.host) "
            + "objectSet(obj[ContainerView]=view-1 skip=true selectSet(name=view type=ContainerView path=view skip=false))) partialUpdates=true");
    }

    [Theory]
    [InlineData("8.0.2.0", new[] { "8.0.1.0", "7.0.3.2" }, "8.0.2.0")]
    [InlineData("9.0.0.0", new[] { "8.0.3.0", "8.0.2.0", "2.5u2" }, "8.0.3.0")]
    [InlineData("10.1", new string[0], VimVersions.Fallback)]
    [InlineData("nonsense", new[] { "6.5" }, "6.5")]
    public void Choose_WhatAServerSpeaks_IsTheNewestThatBothKnow(string version, string[] prior, string expected)
    {
        static VimValue Text(string text) => new(null, text, []);
        static VimValue Of(params (string Name, VimValue Value)[] members) => new(null, "", [.. members.Select(each => KeyValuePair.Create(each.Name, each.Value))]);
        var document = Of(
            ("namespace", Of(("name", Text("urn:vim2")), ("version", Text("1.0")))),
            ("namespace", Of(("name", Text("urn:vim25")), ("version", Text(version)), ("priorVersions", Of([.. prior.Select(each => ("version", Text(each)))])))));

        VimVersions.Choose(document).ShouldBe(expected);
        VimVersions.Choose(null).ShouldBe(VimVersions.Fallback);
    }

    /// <summary>The answer, and the arguments of the request in short.</summary>
    private static async Task<(T Answer, string Request)> AskAsync<T>(string returned, Func<SoapVim, Task<T>> ask)
    {
        await using var server = await AnsweringServer.StartAsync((context, method) => context.SendAsync(Envelope.Of(method, returned)));
        using var vim = new SoapVim(server.Endpoint, TimeProvider.System);
        var answer = await ask(vim);
        return (answer, string.Join(' ', XDocument.Parse(server.Requests.Single().Body).Root!.Elements().Single().Elements().Single().Elements().Select(Short)));
    }

    private static string Short(XElement element) => element.HasElements
        ? $"{element.Name.LocalName}({string.Join(' ', element.Elements().Select(Short))})"
        : $"{element.Name.LocalName}{(element.Attribute("type") is { } type ? $"[{type.Value}]" : "")}={element.Value}";
}
