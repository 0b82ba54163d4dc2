using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter.Inventory;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Inventory;

public sealed class PropertyPathsVCenterTests
{
    private readonly PropertyPaths paths = new("VirtualMachine", "name", "config.uuid", "config.hardware.numCPU", "snapshot", "triggeredAlarmState");
    private readonly VimValue?[] values = new VimValue?[5];

    [Fact]
    public void Apply_PropertyItself_IsSetAndUnset()
    {
        Apply("name", "assign", Values.Text("a")).ShouldBeNull();
        values[0]!.Text.ShouldBe("a");
        Apply("name", "assign", null);
        values[0].ShouldBeNull();
        Apply("name", "assign", Values.Text("b"));
        Apply("name", "indirectRemove", null);
        values[0].ShouldBeNull();
    }

    [Fact]
    public void Apply_WhatPropertiesArePartOf_SetsEachOfThem()
    {
        Apply("config", "assign", Values.Of("VirtualMachineConfigInfo", ("uuid", Values.Text("u")), ("hardware", Values.Of("VirtualHardware", ("numCPU", Values.Int(4))))));
        (values[1]!.Text, values[2]!.AsInt64).ShouldBe(("u", 4));
        Apply("config", "assign", Values.Of("VirtualMachineConfigInfo", ("uuid", Values.Text("v"))));
        (values[1]!.Text, values[2]).ShouldBe(("v", null));
        Apply("config", "remove", null);
        values[1].ShouldBeNull();
    }

    [Fact]
    public void Apply_NameThatOnlyBeginsAlike_IsNoPart()
    {
        Apply("config.uuid", "assign", Values.Text("u"));
        Apply("con", "remove", null);
        Apply("config.uuidOfOther", "assign", Values.Text("x"));
        values[1]!.Text.ShouldBe("u");
    }

    [Fact]
    public void Apply_ElementsOfAList_AreAddedReplacedAndRemoved()
    {
        Apply("triggeredAlarmState[\"a.1\"]", "add", Alarm("a.1", "red")).ShouldBeNull();
        Apply("triggeredAlarmState[\"a.2\"]", "add", Alarm("a.2", "red"));
        Apply("triggeredAlarmState[\"a.1\"]", "assign", Alarm("a.1", "yellow"));
        values[4]!.Elements.Select(each => each["overallStatus"]!.Text).ShouldBe(["yellow", "red"]);
        Apply("triggeredAlarmState[\"a.1\"].overallStatus", "assign", Values.Text("green"));
        values[4]!.Elements.Select(each => each["overallStatus"]!.Text).ShouldBe(["green", "red"]);
        Apply("triggeredAlarmState[\"a.1\"]", "remove", null);
        Apply("triggeredAlarmState[\"a.1\"]", "remove", null).ShouldBeNull("what is gone may be said to be gone");
        values[4]!.Elements.Select(each => each["key"]!.Text).ShouldBe(["a.2"]);
        Apply("triggeredAlarmState", "add", Alarm("a.3", "red"));
        values[4]!.Elements.Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_ElementsOfAListWithin_AreFoundInBothForms(bool isArray)
    {
        VimValue[] trees = [Tree("snapshot-1"), Tree("snapshot-2")];
        values[3] = isArray
            ? Values.Of("VirtualMachineSnapshotInfo", ("rootSnapshotList", Values.Array("VirtualMachineSnapshotTree", trees)))
            : Values.Of("VirtualMachineSnapshotInfo", ("rootSnapshotList", trees[0]), ("rootSnapshotList", trees[1]));

        Apply("snapshot.rootSnapshotList[\"snapshot-1\"]", "remove", null).ShouldBeNull();
        Apply("snapshot.rootSnapshotList[\"snapshot-3\"]", "add", Tree("snapshot-3")).ShouldBeNull();

        var list = values[3]!.All("rootSnapshotList").ToList();
        (isArray ? list.Single().Elements : list).Select(each => each["snapshot"]!.Text).ShouldBe(["snapshot-2", "snapshot-3"]);
    }

    [Fact]
    public void Apply_PartOfAnElementThatIsNotKnown_SaysWhatToRead()
    {
        Apply("triggeredAlarmState[\"a.9\"].overallStatus", "assign", Values.Text("red")).ShouldBe("triggeredAlarmState");
        Apply("snapshot.rootSnapshotList[\"s\"].name", "assign", Values.Text("x")).ShouldBe("snapshot");
        values[3].ShouldBeNull();
    }

    [Fact]
    public void Apply_SomethingThatWasNotAskedFor_ChangesNothing()
    {
        Apply("guest.ipAddress", "assign", Values.Text("192.0.2.1")).ShouldBeNull();
        values.ShouldAllBe(value => value == null);
    }

    private string? Apply(string path, string operation, VimValue? value) => paths.Apply(values, new PropertyChange(path, operation, value));

    private static VimValue Alarm(string key, string status) => Values.Of("AlarmState", ("key", Values.Text(key)), ("overallStatus", Values.Text(status)));

    private static VimValue Tree(string key) => Values.Of("VirtualMachineSnapshotTree", ("snapshot", Values.Ref(new ManagedObject("VirtualMachineSnapshot", key))));
}
