using System.Globalization;
using System.Text.RegularExpressions;
using Observe.Telemetry.Model;
using Observe.Telemetry.Prometheus;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>Numbers are spelled as Go's strconv.FormatFloat(f, 'g', -1, 64) spells them.</summary>
public partial class NumberTests
{
    [Theory]
    // What Go 1.19 printed.
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-1, "-1")]
    [InlineData(0.1, "0.1")]
    [InlineData(123456, "123456")]
    [InlineData(999999, "999999")]
    [InlineData(1000000, "1e+06")]
    [InlineData(-1000000, "-1e+06")]
    [InlineData(1234567, "1.234567e+06")]
    [InlineData(999999.9999999999, "999999.9999999999")]
    [InlineData(100000.5, "100000.5")]
    [InlineData(1000000.5, "1.0000005e+06")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012345, "0.00012345")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(0.00009999999999999999, "9.999999999999999e-05")]
    [InlineData(1e-9, "1e-09")]
    [InlineData(-1.5e-300, "-1.5e-300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(9007199254740991, "9.007199254740991e+15")]
    [InlineData(1e15, "1e+15")]
    [InlineData(123456789012345680, "1.2345678901234568e+17")]
    [InlineData(1700000000.123457, "1.700000000123457e+09")]
    [InlineData(1e21, "1e+21")]
    [InlineData(2.5e100, "2.5e+100")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Text_Value_IsSpelledAsGoDoes(double value, string expected) => Spelled(ExpositionFormat.Text, value).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(-17, "-17.0")]
    [InlineData(999999, "999999.0")]
    [InlineData(1000000, "1e+06")]
    [InlineData(0.5, "0.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void OpenMetrics_Value_IsRecognisablyAFloat(double value, string expected) => Spelled(ExpositionFormat.OpenMetrics, value).ShouldBe(expected);

    [Fact]
    public void Text_RandomBits_ReadBackAsTheSameDoubleInGosShape()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(value))
                continue;
            // Half of them in the range where exponents begin and end.
            if (i % 2 == 0)
                value = random.NextDouble() * Math.Pow(10, random.Next(-7, 9));
            var text = Spelled(ExpositionFormat.Text, value);
            double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ShouldBe(value);
            text.ShouldMatch(Math.Abs(value) is >= 1e-4 and < 1e6 ? Plain().ToString() : Scientific().ToString());
            // The digits are the shortest there are: as many as .NET's own shortest form has.
            Digits(text).ShouldBe(Digits(value.ToString("R", CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void Text_PowersOfTwo_ReadBackAsTheSameDouble()
    {
        // Below each of them doubles are denser than above: the trap of every shortest form, .NET's included (2^-25, 2^-958).
        for (var exponent = -1074; exponent < 1024; exponent++)
        {
            var value = Math.ScaleB(1, exponent);
            double.Parse(Spelled(ExpositionFormat.Text, value), NumberStyles.Float, CultureInfo.InvariantCulture).ShouldBe(value);
        }
        Spelled(ExpositionFormat.Text, Math.ScaleB(1, -25)).ShouldBe("2.9802322387695312e-08"); // as Go prints it
    }

    private static string Digits(string number) =>
        number.Split('e', 'E')[0].Replace("-", "").Replace(".", "").Trim('0');

    private static string Spelled(ExpositionFormat format, double value)
    {
        var metric = new MetricDescriptor("x", "x", "1", MetricKind.Gauge, MetricScope.Host, "X");
        var builder = new SnapshotBuilder([metric], new SnapshotPool());
        builder.Add(new Series(metric, new Resource([], []), 0, []), value);
        using var lease = builder.Build(1);
        return Written.Text(format, lease.Snapshot).Split('\n').Single(line => line.StartsWith("x ", StringComparison.Ordinal))[2..];
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^-?[1-9](\.[0-9]*[1-9])?e[+-][0-9]{2,3}$")]
    private static partial Regex Scientific();
}
