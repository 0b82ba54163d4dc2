using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>A task. Guarded by the vCenter's lock.</summary>
internal sealed class FakeTask(int key, ManagedObject reference, string descriptionId, ManagedObject? entity, string? entityName, string user, int chainId, DateTimeOffset queued) : FakeItem
{
    public override int Key => key;

    public ManagedObject Reference => reference;

    public string DescriptionId => descriptionId;

    public ManagedObject? Entity => entity;

    /// <summary><c>queued</c>, <c>running</c>, <c>success</c>, <c>error</c>.</summary>
    public string State { get; internal set; } = "queued";

    public DateTimeOffset Queued => queued;

    public DateTimeOffset? Started { get; internal set; }

    public DateTimeOffset? Completed { get; internal set; }

    /// <summary>Type and text of its failure.</summary>
    public (string Fault, string Message)? Error { get; internal set; }

    public int ChainId => chainId;

    public override VimValue Value => Values.Of(
        "TaskInfo",
        ("key", Values.Text(reference.Id)),
        ("task", Values.Ref(reference)),
        ("name", Values.Text($"{descriptionId.Split('.')[^1]}_Task")),
        ("descriptionId", Values.Text(descriptionId)),
        ("entity", entity is { } of ? Values.Ref(of) : null),
        ("entityName", entityName is null ? null : Values.Text(entityName)),
        ("state", Values.Text(State, "TaskInfoState")),
        ("cancelled", Values.Bool(false)),
        ("cancelable", Values.Bool(false)),
        ("error", Error is not { } error ? null : Values.Of("LocalizedMethodFault", ("fault", Values.Of(error.Fault)), ("localizedMessage", Values.Text(error.Message)))),
        ("progress", State == "running" ? Values.Int(50) : null),
        ("reason", Values.Of("TaskReasonUser", ("userName", Values.Text(user)))),
        ("queueTime", Values.Time(queued)),
        ("startTime", Started is { } started ? Values.Time(started) : null),
        ("completeTime", Completed is { } completed ? Values.Time(completed) : null),
        ("eventChainId", Values.Int(chainId)));
}
