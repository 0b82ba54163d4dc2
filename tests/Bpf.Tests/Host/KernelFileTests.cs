using System.Text;
using Observe.Bpf.Host;

namespace Observe.Bpf.Tests.Host;

public sealed class KernelFileTests
{
    private const int ENOENT = 2;
    private const int EINVAL = 22;

    private readonly byte[] buffer = new byte[256];

    [Fact]
    public void Read_FileOfTheKernel_IsWhatItSays() =>
        Encoding.UTF8.GetString(buffer, 0, KernelFile.Read("/proc/self/comm\0"u8, buffer)).ShouldBe(File.ReadAllText("/proc/self/comm"));

    [Fact]
    public void Read_NoSuchFile_IsItsErrorNumber() => KernelFile.Read("/proc/nothing\0"u8, buffer).ShouldBe(-ENOENT);

    [Fact]
    public void ReadLink_Link_IsItsTarget() =>
        Encoding.UTF8.GetString(buffer, 0, KernelFile.ReadLink("/proc/self/exe\0"u8, buffer)).ShouldBe(new FileInfo("/proc/self/exe").LinkTarget);

    [Fact]
    public void ReadLink_NoLink_IsItsErrorNumber() => KernelFile.ReadLink("/proc/self/comm\0"u8, buffer).ShouldBe(-EINVAL);

    [Fact]
    public void Read_PathWithoutNul_IsRefusedBeforeTheKernelSeesIt() => Should.Throw<ArgumentException>(() => KernelFile.Read("/proc"u8, buffer));

    [Fact]
    public void DescribeError_Number_IsItsNameAndWords() => KernelFile.DescribeError(-ENOENT).ShouldBe("ENOENT (No such file or directory)");
}
