namespace Observe.Collectors.Tests.VCenter;

/// <summary>What happens on a server while it is asked.</summary>
internal sealed record ConformanceScript
{
    public required string User { get; init; }

    public required string Password { get; init; }

    /// <summary>Id of a virtual machine that runs; another runs too.</summary>
    public required string Vm { get; init; }

    public required string OtherVm { get; init; }

    /// <summary>Id of the host on which it is.</summary>
    public required string Host { get; init; }

    public required Func<Task> PowerOffAsync { get; init; }

    public required Func<Task> MoveAsync { get; init; }

    public required Func<Task> DestroyAsync { get; init; }

    /// <summary>Posts a <c>DrsVmMigratedEvent</c> and an <c>EventEx</c>.</summary>
    public required Func<Task> PostAsync { get; init; }
}
