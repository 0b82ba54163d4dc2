using Microsoft.Extensions.Logging;
using Observe.Collectors.Events;
using Observe.Collectors.Self;
using Observe.Collectors.Tests.Running;
using Observe.Collectors.Tests.VCenter.Fake;
using Observe.Collectors.VCenter;
using Observe.Collectors.VCenter.Events;
using Observe.Telemetry.Model;

namespace Observe.Collectors.Tests.VCenter.Events;

/// <summary>A vCenter, agents one after the other, and the outside world, in a simulation.</summary>
internal sealed class Bench : IDisposable
{
    // In memory: flushing to a disk takes the time that is not simulated.
    private readonly string directory = Directory.CreateDirectory($"/dev/shm/observe-events-{Guid.NewGuid():N}").FullName;
    private CancellationTokenSource stopping = new();
    private SimulatedLife? life;
    private Task running = Task.CompletedTask;
    private EventTimeline? timeline;

    public Bench(int seed = 1)
    {
        Seed = seed;
        VCenter = new FakeVCenter(Time, seed);
        Delivery = new Delivery(() => Time.Passed);
        Options = new EventOptions("main", directory);
    }

    public int Seed { get; }

    public Simulation Time { get; } = new();

    public FakeVCenter VCenter { get; }

    public Delivery Delivery { get; }

    /// <summary>What is known of the server's clock; null: everything.</summary>
    public IVCenterClock? Clock { get; set; }

    public EventOptions Options { get; set; }

    /// <summary>Of all lives.</summary>
    public LossCounters Losses { get; } = new();

    public RecordingLogger<VCenterEvents> Log { get; } = new();

    /// <summary>When each life was ended by force.</summary>
    public Dictionary<int, TimeSpan> Killed { get; } = [];

    public VCenterEvents? Agent { get; private set; }

    public string CheckpointPath => CheckpointFile.PathOf(directory, "main");

    public IEnumerable<ObservedEvent> Delivered => Delivery.All.Select(each => each.Event.What);

    /// <summary>So many events happen now.</summary>
    public void Post(int count)
    {
        for (var i = 0; i < count; i++)
            VCenter.Events.Post("VmReconfiguredEvent");
    }

    /// <summary>Numbers of the events of a name that were delivered, or of all events, in their order.</summary>
    public int[] Keys(string? name = null) =>
        [.. Delivered.Where(each => (name is null || each.Name == name) && Delivery.Of(each, "vcenter.event.key") is not null).Select(each => Delivery.Identity(each).Key)];

    public long Lost(string reason) => Losses.All.FirstOrDefault(each => each.Reason == reason)?.Value ?? 0;

    /// <summary>Runs a test in the simulation, in which little time passes.</summary>
    public void Run(Func<Task> test, double minutes = 60) => Time.Run(test, TimeSpan.FromMinutes(minutes));

    /// <summary>Lets time pass.</summary>
    public Task Pass(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Time);

    /// <summary>An agent begins to live.</summary>
    public void Begin()
    {
        Delivery.Life++;
        var mine = life = new SimulatedLife(Time);
        stopping = new CancellationTokenSource();
        var time = mine.Time;
        var session = new SimulatedSession(new PatientVim(VCenter.Connect(TimeSpan.FromSeconds(10)), time));
        timeline = new EventTimeline([Delivery], Host, Losses, time, new RecordingLogger<EventTimeline>());
        var agent = Agent = new VCenterEvents(Options, session, Clock ?? new TrueClock(VCenter.Clock), null, timeline, Host, Losses, time, Log, new Random(Seed));
        running = mine.Start(() => agent.RunAsync(stopping.Token));
    }

    /// <summary>It is told to stop, and does.</summary>
    /// <param name="before">Seconds from its end to that of the timeline, which others use too.</param>
    public async Task Stop(double before = 0)
    {
        Cancel();
        await running;
        if (before > 0)
            await Pass(before);
        timeline!.Dispose();
        life!.Kill();
    }

    // In this thread, and no other.
    private void Cancel() => stopping.Cancel();

    /// <summary>It is killed.</summary>
    public void Kill()
    {
        life!.Kill();
        Killed[Delivery.Life] = Time.Passed;
    }

    public void Dispose()
    {
        stopping.Dispose();
        timeline?.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    internal static Resource Host { get; } = new([], []);
}
