using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using OpenTelemetry.Proto.Trace.V1;
using Observe.Agent.Tests.Otlp;
using Observe.Collectors.Tests.VCenter;
using Observe.Kernel.Tests.Harness;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>Spans of what really happens: the agent as it is run, a real container engine, a vCenter simulator; asserted by what a receiver gets and nothing else.</summary>
public sealed class TracesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Run_ContainersThatEndInEveryWay_TellOfTheirLives()
    {
        Assert.SkipWhen(DockerBed.Missing is not null, DockerBed.Missing ?? "");
        await using var docker = new DockerBed();
        await docker.InitializeAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        using var agent = new ObserveProcess(["run", "--listen", "127.0.0.1:0", "--set", $"otlp.endpoint={receiver.Url()}", "--set", $"collectors.docker.endpoint={docker.Endpoint}"]);
        await agent.LineAsync("connected to docker");

        var failed = await docker.RunAsync("failed", "sleep 1; exit 3");
        var restarted = await docker.RunAsync("restarted", "exit 1", new JsonObject { ["RestartPolicy"] = new JsonObject { ["Name"] = "on-failure", ["MaximumRetryCount"] = 2 } });
        var stopped = await docker.RunAsync("stopped", "sleep 1000");
        await docker.SendAsync(HttpMethod.Post, $"containers/{stopped}/kill");
        await docker.WaitAsync(failed);
        await docker.WaitAsync(restarted);
        await Until.SoAsync("the lives arrive", () => Task.FromResult(Lives(failed).Count == 1 && Lives(stopped).Count == 1 && Lives(restarted).Count == 3), Patience);
        agent.Signal("TERM");
        (await agent.ExitAsync()).ShouldBe(0);

        var life = Lives(failed).Single();
        life.Status.Code.ShouldBe(OpenTelemetry.Proto.Trace.V1.Status.Types.StatusCode.Error);
        Int(life, "process.exit.code").ShouldBe(3);
        Text(life, "container.name").ShouldBe("failed");
        life.ParentSpanId.Length.ShouldBe(0);
        ((double)(life.EndTimeUnixNano - life.StartTimeUnixNano) / 1e9).ShouldBeInRange(1, 20);
        var create = receiver.Spans.Single(each => each.Name == "container.create" && Text(each, "container.id") == failed);
        (create.ParentSpanId, create.TraceId).ShouldBe((life.SpanId, life.TraceId));
        Lives(stopped).Single().Status.ShouldBeNull();
        Text(Lives(stopped).Single(), "observe.container.end").ShouldBe("stopped");
        // What was under way when the agent stopped is closed by that.
        var loop = receiver.Spans.Single(each => each.Name == "container.restart_loop");
        Text(loop, "container.id").ShouldBe(restarted);
        Int(loop, "observe.container.restarts").ShouldBe(2);
        Lives(restarted).ShouldAllBe(each => each.ParentSpanId == loop.SpanId && each.TraceId == loop.TraceId);
        ShouldNest(receiver);
        receiver.Spans.Select(each => each.SpanId).ShouldBeUnique();

        List<Span> Lives(string id) => [.. receiver.Spans.Where(each => each.Name == "container.life" && Text(each, "container.id") == id)];
    }

    [Fact]
    public async Task Run_OperationsOfAVCenter_TellOfThemUnderIdsThatAnybodyCanCompute()
    {
        await using var bed = await VCenterBed.MakeAsync();
        await using var vcsim = await bed.SimulateAsync();
        using var agent = bed.Run(vcsim.Url, "main");
        await VCenterBed.AddressAsync(agent);
        var (vm, id) = (await vcsim.ListAsync("VirtualMachine")).First();
        var began = Now();

        await vcsim.PowerAsync(id, isOn: false);
        await vcsim.PowerAsync(id, isOn: true);
        await vcsim.ReconfigureAsync(id, cpus: 2);
        string[] expected = ["vcenter.vm.power_off", "vcenter.vm.power_on", "vcenter.vm.reconfigure"];
        await Until.SoAsync("the operations arrive", () => Task.FromResult(expected.All(name => Of(name) is not null)), Patience);
        agent.Signal("TERM");
        (await agent.ExitAsync()).ShouldBe(0);

        foreach (var name in expected)
        {
            var span = Of(name)!;
            // The simulator's tasks have no chain; then it is the task that counts.
            var hash = new[] { "vcenter.event.chain_id", "vcenter.task.id" }
                .Select(part => SHA256.HashData(Encoding.UTF8.GetBytes($"observe\0vcenter.operation\0{Text(span, "vcenter.instance_uuid")}\0{Text(span, part)}")))
                .First(each => span.TraceId.Span.SequenceEqual(each.AsSpan(0, 16)));
            span.SpanId.ToByteArray().ShouldBe(hash[..8]);
            Text(span, "vcenter.vm.name").ShouldBe(vm);
            span.EndTimeUnixNano.ShouldBeLessThan(Now());
            span.EndTimeUnixNano.ShouldBeGreaterThan(span.StartTimeUnixNano);
            Int(span, "observe.time.earliest").ShouldBeLessThanOrEqualTo((long)span.StartTimeUnixNano);
            Int(span, "observe.time.latest").ShouldBeGreaterThanOrEqualTo((long)span.EndTimeUnixNano - 200);
        }
        ShouldNest(bed.Receiver);
        VCenterBed.ShouldHaveNoSecret([agent.Output, agent.Error, .. bed.Receiver.SpanRequests.Select(each => Encoding.Latin1.GetString(each.Message.ToByteArray()))]);

        Span? Of(string name) => bed.Receiver.Spans.FirstOrDefault(each => each.Name == name && Text(each, "vcenter.vm.name") == vm && Value(each, "observe.correction") is null
            // Not what the simulator did to it before it was asked.
            && each.StartTimeUnixNano >= began - 500_000_000);
    }

    private static void ShouldNest(OtlpReceiver receiver)
    {
        var all = receiver.Spans.ToDictionary(each => each.SpanId);
        foreach (var span in all.Values.Where(each => each.ParentSpanId.Length > 0))
        {
            var parent = all[span.ParentSpanId];
            (parent.StartTimeUnixNano <= span.StartTimeUnixNano && span.EndTimeUnixNano <= parent.EndTimeUnixNano).ShouldBeTrue($"{span.Name} stands outside of {parent.Name}");
        }
    }

    private static OpenTelemetry.Proto.Common.V1.AnyValue? Value(Span span, string name) => span.Attributes.FirstOrDefault(each => each.Key == name)?.Value;

    private static string? Text(Span span, string name) => Value(span, name)?.StringValue;

    private static long Int(Span span, string name) => Value(span, name)!.IntValue;

    private static ulong Now() => (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
}
