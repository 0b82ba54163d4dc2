using Observe.Collectors.Cgroup;

namespace Observe.Collectors.Tests.Cgroup;

public sealed class CgroupTextTests
{
    [Theory]
    [InlineData("nr_periods 12\nnr_throttled 3\nthrottled_time 18446744073709551615\n", "throttled_time", 18446744073709551615)]
    [InlineData("nr_periods 12\nnr_throttled 3", "nr_throttled", 3UL)]
    [InlineData("xnr_periods 9\nnr_periods_x 8\nnr_periods 7\n", "nr_periods", 7UL)]
    public void TryField_KeyOnALine_GivesItsNumber(string text, string key, ulong value)
    {
        CgroupText.TryField(Utf8(text), Utf8(key), out var found).ShouldBeTrue();
        found.ShouldBe(value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nr_periods")]
    [InlineData("nr_periods \n")]
    [InlineData("nr_periods x\n")]
    [InlineData("nr_periods 18446744073709551616\n")]
    public void TryField_NoNumber_IsFalse(string text) => CgroupText.TryField(Utf8(text), "nr_periods"u8, out _).ShouldBeFalse();

    [Theory]
    [InlineData("max 100000\n", 0UL, 100000UL)]
    [InlineData("20000 100000\n", 20000UL, 100000UL)]
    public void TryMax_ValidText_GivesQuotaAndPeriod(string text, ulong quota, ulong period)
    {
        CgroupText.TryMax(Utf8(text), out var foundQuota, out var foundPeriod).ShouldBeTrue();
        (foundQuota, foundPeriod).ShouldBe((quota, period));
    }

    [Theory]
    [InlineData("")]
    [InlineData("max")]
    [InlineData("20000")]
    [InlineData("20000 ")]
    [InlineData("min 100000")]
    public void TryMax_Damaged_IsFalse(string text) => CgroupText.TryMax(Utf8(text), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("-1\n", 0UL)]
    [InlineData("25000\n", 25000UL)]
    public void TryLegacyQuota_ValidText_GivesQuota(string text, ulong quota)
    {
        CgroupText.TryLegacyQuota(Utf8(text), out var found).ShouldBeTrue();
        found.ShouldBe(quota);
    }

    [Fact]
    public void TryPressure_BothLines_GivesTheTotalOfTheOneAskedFor()
    {
        var text = "some avg10=0.00 avg60=12.34 avg300=0.00 total=123456\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=99"u8;

        CgroupText.TryPressure(text, "some"u8, out var some).ShouldBeTrue();
        CgroupText.TryPressure(text, "full"u8, out var full).ShouldBeTrue();

        (some, full).ShouldBe((123456UL, 99UL));
        CgroupText.TryPressure("some avg10=0.00 avg60=12.34 avg300=0.00 total=123456\n"u8, "full"u8, out _).ShouldBeFalse();
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
