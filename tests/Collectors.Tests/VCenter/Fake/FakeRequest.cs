namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>A request as it was taken.</summary>
/// <param name="Method">Its method.</param>
/// <param name="On">Id of the object that was asked.</param>
/// <param name="Session">Key of its session; null if it had none.</param>
/// <param name="At">When, in true time.</param>
internal sealed record FakeRequest(string Method, string On, string? Session, DateTimeOffset At)
{
    /// <summary>What became of it.</summary>
    public FakeTrouble Trouble { get; set; }

    /// <summary>Type of the fault that was the answer; null if none was.</summary>
    public string? Fault { get; set; }
}
