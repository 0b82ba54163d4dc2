using Observe.Collectors.Cgroup;

namespace Observe.Collectors.Tests.Cgroup;

public sealed class ProcessCgroupsTests
{
    [Theory]
    [InlineData("0::/a/b\n", false, "/a/b")]
    [InlineData("12:memory:/m\n3:cpu,cpuacct:/c:d\n0::/\n", true, "/c:d")]
    [InlineData("12:memory:/m\n3:cpu,cpuacct:/c\n0::/\n", false, "/")]
    [InlineData("12:cpuset:/m\n", true, null)]
    [InlineData("", false, null)]
    public void PathIn_CgroupFile_IsTheHierarchys(string text, bool legacy, string? path) => ProcessCgroups.PathIn(text, legacy).ShouldBe(path);
}
