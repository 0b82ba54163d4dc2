using Observe.Collectors.Sched;

namespace Observe.Collectors.Tests.Sched;

public sealed class LedgerSizeTests
{
    [Fact]
    public void Bytes_SixtyFourCpusAndAThousandCgroups_FitIn64MiB() =>
        LedgerMemory.Bytes(64, 1000).ShouldBeLessThanOrEqualTo(64L << 20);

    [Theory]
    [InlineData(2, 2048)]
    [InlineData(64, 1117)]
    [InlineData(256, 1024)]
    public void For_Automatic_StaysInItsBudgetAndAboveTheLeast(int cpus, int slots) =>
        LedgerSize.For(cpus, 0, 0, 32768).Slots.ShouldBe(slots);

    [Theory]
    [InlineData(0, 100, 4096)]
    [InlineData(0, 30_000, 32_768)]
    [InlineData(0, 190_000, 32_768)]
    [InlineData(100_000, 190_000, 131_072)]
    public void For_Records_AreAPowerOfTwo(int tasks, int threadsMax, int records) =>
        LedgerSize.For(2, 0, tasks, threadsMax).Records.ShouldBe(records);
}
