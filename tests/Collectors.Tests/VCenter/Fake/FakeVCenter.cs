using System.Globalization;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.Tests.VCenter.Fake;

/// <summary>
/// A strict vCenter in memory. It refuses what a real one refuses, and does what a simulator of vcsim's kind cannot: versions,
/// truncation, unordered pages, faults at any point, sessions that expire, databases that are restored. It is asked through
/// <see cref="Connect"/> in process, or through a <see cref="FakeSoapServer"/>. All is by its seed and by the test's time.
/// </summary>
internal sealed class FakeVCenter
{
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int lastId = 1000;
    private int held;

    /// <param name="time">True time; null: the system's.</param>
    /// <param name="seed">Of all chance.</param>
    public FakeVCenter(TimeProvider? time = null, int seed = 1)
    {
        Time = time ?? TimeProvider.System;
        Seed = seed;
        Clock = new FakeClock(Time);
        Latency = new FakeLatency(Time, seed);
        Faults = new FakeFaults(seed);
        Sessions = new FakeSessions(this);
        Inventory = new FakeInventory(this);
        PropertyCollectors = new FakePropertyCollectors(this);
        Events = new FakeEvents(this);
        Tasks = new FakeTasks(this);
        Performance = new FakePerformance(this);
        Inventory.AddServices();
    }

    public TimeProvider Time { get; }

    public int Seed { get; }

    public FakeClock Clock { get; }

    public FakeLatency Latency { get; }

    public FakeFaults Faults { get; }

    public FakeRequests Requests { get; } = new();

    public FakeSessions Sessions { get; }

    public FakeInventory Inventory { get; }

    public FakePropertyCollectors PropertyCollectors { get; }

    public FakeEvents Events { get; }

    public FakeTasks Tasks { get; }

    public FakePerformance Performance { get; }

    /// <summary>The vCenter's own options.</summary>
    public Dictionary<string, string> Options { get; } = new(StringComparer.Ordinal) { ["VirtualCenter.InstanceName"] = "fake.example", ["event.maxAge"] = "30" };

    /// <summary>What it says of itself.</summary>
    public AboutInfo About { get; set; } = new("VMware vCenter Server 8.0.2 build-22617221", "8.0.2", "22617221", "VirtualCenter", "8.0.2.0", "d5a1c0de-0000-4000-8000-00000000c0de");

    /// <summary>Where everything of it is.</summary>
    public ServiceContent Content => new(
        About, FakeServices.RootFolder, FakeServices.PropertyCollector, FakeServices.ViewManager, FakeServices.SessionManager,
        FakeServices.PerfManager, FakeServices.EventManager, FakeServices.TaskManager, FakeServices.Setting);

    /// <summary>Guards all state of all parts.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>Counts changes of everything.</summary>
    internal long Stamp { get; private set; }

    /// <summary>Ends with the next change.</summary>
    internal Task Changed
    {
        get
        {
            lock (Gate)
                return changed.Task;
        }
    }

    /// <summary>A client in process, with a session of its own once it logs in.</summary>
    /// <param name="timeout">How long it waits for an answer, beyond what it let the server wait; null: for ever.</param>
    public FakeVim Connect(TimeSpan? timeout = null) => new(this, timeout);

    /// <summary>Starts anew: no session is left, what is in the database is.</summary>
    public void Restart() => Sessions.KillAll();

    /// <summary>Several changes that are seen at once.</summary>
    public void Batch(Action changes)
    {
        lock (Gate)
            held++;
        try
        {
            changes();
        }
        finally
        {
            lock (Gate)
                held--;
            Pulse();
        }
    }

    internal int NextId() => Interlocked.Increment(ref lastId);

    internal string NewId(string prefix) => prefix + NextId().ToString(CultureInfo.InvariantCulture);

    /// <summary>A stamp for a change; to be told by <see cref="Pulse"/>.</summary>
    internal long NextStamp() => ++Stamp;

    /// <summary>Wakes all who wait for changes.</summary>
    internal void Pulse()
    {
        TaskCompletionSource before;
        lock (Gate)
        {
            if (held > 0)
                return;
            before = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        before.SetResult();
    }

    /// <summary>One of the options.</summary>
    /// <exception cref="VimFaultException"><c>InvalidName</c>: it is not set.</exception>
    internal string Option(string name)
    {
        lock (Gate)
        {
            if (name == "config.vpxd.stats.maxQueryMetrics" && Performance.MaxQueryMetrics is { } most)
                return most.ToString(CultureInfo.InvariantCulture);
            return Options.GetValueOrDefault(name) ?? throw VimFault.Of("InvalidName", $"The name '{name}' is invalid.", ("name", Values.Text(name)));
        }
    }

    /// <summary>Takes a request: notes it, and draws what becomes of it.</summary>
    /// <exception cref="VimFaultException">It is refused.</exception>
    internal FakeRequest Take(string method, string on, FakeSession? session)
    {
        var request = new FakeRequest(method, on, session?.Key, Time.GetUtcNow());
        Requests.Add(request);
        try
        {
            request.Trouble = Faults.Draw(method);
        }
        catch (VimFaultException refused)
        {
            request.Fault = refused.Fault;
            throw;
        }
        if (request.Trouble == FakeTrouble.KillSession)
            Sessions.Kill(session);
        return request;
    }

    /// <summary>Acts, with the latencies around it.</summary>
    internal async Task<T> ActAsync<T>(FakeRequest request, FakeSession? session, Func<Task<T>> act, CancellationToken cancellationToken)
    {
        var (before, after) = Latency.Draw(request.Method);
        await Latency.PauseAsync(before, cancellationToken);
        Use(session, +1);
        try
        {
            return await act();
        }
        catch (VimFaultException refused)
        {
            request.Fault = refused.Fault;
            throw;
        }
        finally
        {
            Use(session, -1);
            await Latency.PauseAsync(after, cancellationToken);
        }
    }

    /// <summary>The session, if it is one still.</summary>
    internal static FakeSession Need(FakeSession? session, ManagedObject on) => session is { IsOver: false } ? session : throw VimFault.NotAuthenticated(on);

    /// <summary>An object that a session can see.</summary>
    /// <param name="session">The session.</param>
    /// <param name="reference">The object.</param>
    /// <param name="type">What it must be; null: anything.</param>
    internal FakeObject Find(FakeSession session, ManagedObject reference, string? type = null)
    {
        var found = session.Objects.GetValueOrDefault(reference) ?? Inventory.FindObject(reference) ?? throw VimFault.NotFound(reference);
        return type is null || FakeTypes.Is(reference.Type, type) ? found : throw VimFault.InvalidArgument("_this");
    }

    private void Use(FakeSession? session, int by)
    {
        if (session is null)
            return;
        lock (Gate)
        {
            session.Busy += by;
            session.LastUse = Time.GetUtcNow();
        }
    }
}
