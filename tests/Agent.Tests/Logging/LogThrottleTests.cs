using System.Text.Json;
using Microsoft.Extensions.Logging;
using Observe.Agent.Configuration.Options;
using Observe.Agent.Logging;
using Observe.Collectors.Self;
using Observe.Tests;

namespace Observe.Agent.Tests.Logging;

public sealed class LogThrottleTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly LossCounter dropped = new("log_line_dropped");
    private readonly StringWriter output = new();

    public void Dispose() => output.Dispose();

    [Fact]
    public void Log_SameLine_OnceAMinuteThenWithACount()
    {
        var logger = Logger(LogFormat.Text);
        for (var second = 0; second < 61; second++)
        {
            logger.LogWarning(new EventId(7, "Trouble"), "cannot reach {Host}", "a b");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Lines().ShouldBe(
        [
            "time=2026-01-02T03:04:05.000Z level=warning msg=\"cannot reach a b\" event=Trouble host=\"a b\" source=Test",
            "time=2026-01-02T03:05:05.000Z level=warning msg=\"cannot reach a b\" event=Trouble host=\"a b\" repeated=\"59 times\" source=Test",
        ]);
    }

    [Fact]
    public void Log_OtherValueOtherEventOtherCategory_AreOtherLines()
    {
        using var provider = Provider(LogFormat.Text);
        provider.CreateLogger("A").LogInformation(1, "x {V}", 1);
        provider.CreateLogger("A").LogInformation(1, "x {V}", 2);
        provider.CreateLogger("A").LogInformation(2, "x {V}", 1);
        provider.CreateLogger("B").LogInformation(1, "x {V}", 1);
        provider.CreateLogger("B").LogInformation(1, "x {V}", 1);

        Lines().Length.ShouldBe(4);
    }

    [Fact]
    public void Admit_MoreDifferentLinesThanItRemembers_DropsAndCountsThenForgets()
    {
        var throttle = new LogThrottle(time, dropped, capacity: 100);

        var admitted = Enumerable.Range(0, 250).Count(each => throttle.Admit("c", 1, $"line {each}", out _));
        admitted.ShouldBe(100);
        throttle.Remembered.ShouldBe(100);
        dropped.Value.ShouldBe(150);

        time.Advance(TimeSpan.FromMinutes(1));
        throttle.Admit("c", 1, "line 249", out var repeated).ShouldBeTrue();
        repeated.ShouldBe(0);
        throttle.Remembered.ShouldBe(1);
    }

    [Fact]
    public void Log_Json_IsOneObjectALineWithTypedValues()
    {
        var logger = Logger(LogFormat.Json);
        logger.LogError(new EventId(3, "Odd"), new InvalidOperationException("line\nbreak"), "took {Seconds} in {Where}", 1.5, "quo\"te\n");

        var line = Lines().ShouldHaveSingleItem();
        var root = JsonDocument.Parse(line).RootElement;
        root.GetProperty("level").GetString().ShouldBe("error");
        root.GetProperty("msg").GetString().ShouldBe("took 1.5 in quo\"te\n");
        root.GetProperty("event").GetString().ShouldBe("Odd");
        root.GetProperty("seconds").GetDouble().ShouldBe(1.5);
        root.GetProperty("where").GetString().ShouldBe("quo\"te\n");
        root.GetProperty("error").GetString().ShouldNotBeNull().ShouldContain("line\nbreak");
    }

    [Fact]
    public void Log_Text_ControlCharactersCannotEndALineOrForgeOne()
    {
        Logger(LogFormat.Text).LogWarning("name {Name}", "a\nlevel=error msg=\"forged\"\u001b[31m");

        Lines().ShouldHaveSingleItem().ShouldContain("name=\"a\\nlevel=error msg=\\\"forged\\\"\\u001b[31m\"");
    }

    [Fact]
    public void Log_LevelTurned_TakesEffectAtOnce()
    {
        var levels = new LogLevelSwitch(LogLevel.Warning);
        using var provider = new LineLoggerProvider(output, LogFormat.Text, journal: true, new LogThrottle(time, dropped), levels, time);
        var logger = provider.CreateLogger("T");
        logger.LogInformation("one");
        levels.Level = LogLevel.Information;
        logger.LogInformation("two");
        provider.CreateLogger("Microsoft.AspNetCore").LogInformation("chatter");

        Lines().ShouldHaveSingleItem().ShouldStartWith("<6>time=2026-01-02T03:04:05.000Z level=info msg=two");
    }

    private ILogger Logger(LogFormat format) => Provider(format).CreateLogger("Test");

    private LineLoggerProvider Provider(LogFormat format) =>
        new(output, format, journal: false, new LogThrottle(time, dropped), new LogLevelSwitch(LogLevel.Debug), time);

    private string[] Lines() => output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
