using System.Text;
using Observe.Bpf.Host;

namespace Observe.Bpf.Tests.Host;

public sealed class ForeignProcessTests
{
    private const int EPERM = 1;
    private const int ESRCH = 3;
    private const int EBADF = 9;

    [Fact]
    public void Borrow_FileThatAProcessHasOpen_IsReadWithoutMovingItsPosition()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "0123456789");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            file.Position = 2;
            using var process = ForeignProcess.Open(Environment.ProcessId, out var errno);
            errno.ShouldBe(0);
            var buffer = new byte[256];

            using var borrowed = process!.Borrow((int)file.SafeFileHandle.DangerousGetHandle());

            borrowed.Error.ShouldBe(0);
            Encoding.UTF8.GetString(buffer, 0, borrowed.Read(buffer.AsSpan(0, 3), 4)).ShouldBe("456");
            Encoding.UTF8.GetString(buffer, 0, borrowed.ReadName(buffer)).ShouldBe(path);
            file.Position.ShouldBe(2);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Borrow_NumberThatIsNotOpen_IsAnError()
    {
        using var process = ForeignProcess.Open(Environment.ProcessId, out _);

        using var borrowed = process!.Borrow(1_000_000);

        borrowed.IsOpen.ShouldBeFalse();
        borrowed.Error.ShouldBe(EBADF);
        borrowed.Read(new byte[8], 0).ShouldBe(-EBADF);
        borrowed.ReadName(new byte[8]).ShouldBe(-EBADF);
    }

    [Fact]
    public void Borrow_WithoutTheRightToTrace_IsRefused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may trace every process");
        using var process = ForeignProcess.Open(1, out _);

        using var borrowed = process!.Borrow(0);

        borrowed.Error.ShouldBe(EPERM);
    }

    [Fact]
    public void Open_NoSuchProcess_IsAnError()
    {
        ForeignProcess.Open(int.MaxValue, out var errno).ShouldBeNull();
        errno.ShouldBe(ESRCH);
    }
}
