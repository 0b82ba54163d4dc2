using Observe.Bpf.Host;
using Observe.Bpf.Tests.Fixtures;

namespace Observe.Bpf.Tests.Host;

public sealed class CpuSetTests
{
    [Theory]
    [InlineData("0\n", new[] { 0 }, 1)]
    [InlineData("0-3", new[] { 0, 1, 2, 3 }, 4)]
    [InlineData("0,2-3,8\n", new[] { 0, 2, 3, 8 }, 9)]
    public void Parse_List_HasTheIds(string list, int[] ids, int width)
    {
        var set = CpuSet.Parse(list);

        set.Ids.ShouldBe(ids);
        set.Count.ShouldBe(ids.Length);
        set.Width.ShouldBe(width);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("1,1")]
    [InlineData("2,0-1")]
    [InlineData("0-")]
    [InlineData("-1")]
    [InlineData("0-1-2")]
    [InlineData("0-99999999")]
    public void Parse_Malformed_Throws(string list) => Should.Throw<FormatException>(() => CpuSet.Parse(list));

    [Fact]
    public void Online_ThisMachine_IsWhatTheCLibrarySays()
    {
        CpuSet.Online.Count.ShouldBe(int.Parse(Tool.Must("getconf", "_NPROCESSORS_ONLN")));
        CpuSet.Possible.Count.ShouldBeGreaterThanOrEqualTo(int.Parse(Tool.Must("getconf", "_NPROCESSORS_CONF")));
        CpuSet.Online.Ids.Except(CpuSet.Possible.Ids).ShouldBeEmpty();
    }
}
