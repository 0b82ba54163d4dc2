using Observe.Collectors.Kvm.Stats;

namespace Observe.Collectors.Tests.Kvm.Stats;

public sealed class KvmBinaryStatsTests
{
    [Fact]
    public void Parse_FileAsDocumented_GivesIdentifierAndDescriptors()
    {
        var file = StatsFile.Vcpu().Build();

        var stats = KvmBinaryStats.Parse(file);

        stats.Id.ShouldBe("kvm-123/vcpu-4");
        stats.Descriptors.ToArray().ShouldBe(
        [
            new KvmStatsDescriptor("halt_wakeup", KvmStatType.Cumulative, KvmStatUnit.None, 10, 0, 1, 0, 0),
            new KvmStatsDescriptor("halt_wait_ns", KvmStatType.Cumulative, KvmStatUnit.Seconds, 10, -9, 1, 8, 0),
            new KvmStatsDescriptor("halt_wait_hist", KvmStatType.LogHistogram, KvmStatUnit.Seconds, 10, -9, 5, 16, 0),
            new KvmStatsDescriptor("linear", KvmStatType.LinearHistogram, KvmStatUnit.Bytes, 10, 0, 3, 56, 100),
            new KvmStatsDescriptor("memory", KvmStatType.Instant, KvmStatUnit.Bytes, 2, 10, 1, 80, 0),
            new KvmStatsDescriptor("exits", KvmStatType.Cumulative, KvmStatUnit.None, 10, 0, 1, 88, 0),
        ]);
        (stats.DataOffset + stats.DataLength).ShouldBe(file.Length);
    }

    [Fact]
    public void Read_ValuesAndUnits_AreWhatTheFileSays()
    {
        var file = StatsFile.Vcpu().Build();
        var stats = KvmBinaryStats.Parse(file);
        var data = file.AsSpan(stats.DataOffset, stats.DataLength);

        stats.Find("exits")!.Read(data).ShouldBe(ulong.MaxValue);
        stats.Find("halt_wait_ns")!.ReadNanoseconds(data).ShouldBe(1_500_000_000UL);
        stats.Find("halt_wait_ns")!.ReadScaled(data).ShouldBe(1.5, 1e-12);
        stats.Find("memory")!.ReadScaled(data).ShouldBe(3072);
        stats.Find("halt_wait_hist")!.Read(data, 4).ShouldBe(5UL);
        stats.Find("linear")!.Read(data, 1).ShouldBe(7UL);
        stats.Find("nothing").ShouldBeNull();
    }

    [Theory]
    [InlineData(0UL, 0)]
    [InlineData(1UL, 1)]
    [InlineData(2UL, 2)]
    [InlineData(3UL, 2)]
    [InlineData(4UL, 3)]
    [InlineData(1_000_000UL, 20)]
    [InlineData(ulong.MaxValue, 31)]
    public void UpperBound_LogHistogram_IsThatOfTheRangeTheKernelCountsIn(ulong nanoseconds, int bucket)
    {
        // kvm_stats_log_hist_update(): index = min(fls64(value), size - 1).
        Math.Min(64 - System.Numerics.BitOperations.LeadingZeroCount(nanoseconds), 31).ShouldBe(bucket);
        var histogram = KvmBinaryStats.Parse(new StatsFile("kvm-1").With("h", StatsFile.Log | StatsFile.Seconds, -9, new ulong[32]).Build()).Find("h")!;

        (nanoseconds * 1e-9).ShouldBeLessThan(histogram.UpperBound(bucket));
        if (bucket > 0)
            (nanoseconds * 1e-9).ShouldBeGreaterThanOrEqualTo(histogram.UpperBound(bucket - 1) * (1 - 1e-12));
    }

    [Fact]
    public void UpperBound_LinearHistogram_IsAMultipleOfItsWidth()
    {
        var histogram = KvmBinaryStats.Parse(StatsFile.Vcpu().Build()).Find("linear")!;

        Enumerable.Range(0, 3).Select(histogram.UpperBound).ShouldBe([100, 200, double.PositiveInfinity]);
        Should.Throw<ArgumentOutOfRangeException>(() => histogram.UpperBound(3));
        Should.Throw<ArgumentOutOfRangeException>(() => histogram.Read(new byte[1000], 3));
    }

    [Fact]
    public void Parse_TypeUnitOrBaseOfTheFuture_IsPassedOver()
    {
        var file = new StatsFile("kvm-1").With("type", 5, 0, 1).With("unit", 5 << 4, 0, 1).With("base", 2 << 8, 0, 1).With("exits", StatsFile.Cumulative, 0, 9).Build();

        var stats = KvmBinaryStats.Parse(file);

        stats.Descriptors.Length.ShouldBe(1);
        stats.Find("exits")!.Read(file.AsSpan(stats.DataOffset)).ShouldBe(9UL);
    }

    [Theory]
    [InlineData(4, 0, "names of 0 bytes")]
    [InlineData(4, 0xffffffff, "names of 4294967295 bytes")]
    [InlineData(8, 0, "0 in number")]
    [InlineData(8, 0x7fffffff, "2147483647 in number")]
    [InlineData(12, 0, "identifier at 0")]
    [InlineData(12, 0xffffffff, "identifier at 4294967295")]
    [InlineData(16, 23, "descriptors at 23")]
    [InlineData(16, 0x00100000, "descriptors at 1048576")]
    [InlineData(20, 8, "values at 8")]
    [InlineData(20, 0xfffffff8, "values at 4294967288")]
    public void Parse_HeadThatCannotBe_SaysWhat(int at, uint number, string words)
    {
        var file = StatsFile.Vcpu().Build();
        StatsFile.Put(file, at, number);

        Should.Throw<InvalidDataException>(() => KvmBinaryStats.Parse(file)).Message.ShouldContain(words);
    }

    [Theory]
    [InlineData(6, 0, "halt_wakeup has 0 values")]
    [InlineData(6, 2, "halt_wakeup has 2 values")]
    [InlineData(8, 0xfffffff8, "halt_wakeup has its 1 values at 4294967288")]
    [InlineData(16, 0, "a name that is none")]
    [InlineData(16, 0x0a0a0a0a, "a name that is none")]
    public void Parse_DescriptorThatCannotBe_SaysWhat(int at, uint number, string words)
    {
        var file = StatsFile.Vcpu().Build();
        var first = 24 + 48;
        if (at == 6)
            file[first + at] = (byte)number;
        else
            StatsFile.Put(file, first + at, number);

        Should.Throw<InvalidDataException>(() => KvmBinaryStats.Parse(file)).Message.ShouldContain(words);
    }

    [Fact]
    public void Parse_AnyFrontCutOff_SaysSo()
    {
        var file = StatsFile.Vcpu().Build();
        var front = KvmStatsHeader.Parse(file).FrontLength;

        for (var length = 0; length < front; length++)
            Should.Throw<InvalidDataException>(() => KvmBinaryStats.Parse(file.AsSpan(0, length)));
        KvmBinaryStats.Parse(file.AsSpan(0, front)).Descriptors.Length.ShouldBe(6);
    }

    [Fact]
    public void Parse_RandomDamage_ThrowsNothingButTheDocumentedErrorAndNeverReadsOutside()
    {
        var random = new Random(4133);
        var (sound, refused) = (0, 0);
        for (var round = 0; round < 100_000; round++)
        {
            var file = StatsFile.Vcpu().Build();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
                file[random.Next(file.Length)] = Damage(random);
            if (random.Next(4) == 0)
                Array.Resize(ref file, random.Next(file.Length + 1));
            ReadAll(file, ref sound, ref refused);
        }
        // Both happen, or nothing was tried.
        sound.ShouldBeGreaterThan(1000);
        refused.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Parse_RandomBytes_ThrowsNothingButTheDocumentedError()
    {
        var random = new Random(514);
        var (sound, refused) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var file = new byte[random.Next(4096)];
            random.NextBytes(file);
            // Small numbers get further than large ones.
            for (var at = 4; at + 4 <= Math.Min(24, file.Length); at += 4)
                StatsFile.Put(file, at, random.Next(200));
            ReadAll(file, ref sound, ref refused);
        }
        refused.ShouldBeGreaterThan(1000);
    }

    private static byte Damage(Random random) => random.Next(3) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };

    private static void ReadAll(byte[] file, ref int sound, ref int refused)
    {
        KvmBinaryStats stats;
        try
        {
            stats = KvmBinaryStats.Parse(file);
        }
        catch (InvalidDataException)
        {
            refused++;
            return;
        }
        sound++;
        // Whoever has read as many values as were asked for can read each of them.
        var data = new byte[stats.DataLength];
        data.Length.ShouldBeLessThanOrEqualTo(KvmStatsHeader.MaxFile);
        foreach (var descriptor in stats.Descriptors)
        {
            for (var i = 0; i < descriptor.Count; i++)
            {
                descriptor.ReadScaled(data, i);
                if (descriptor.Type >= KvmStatType.LinearHistogram)
                    descriptor.UpperBound(i);
            }
        }
    }
}
