using System.Globalization;
using System.Text;
using Google.Protobuf;
using OpenTelemetry.Proto.Metrics.V1;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>The agent as it is run, against a vCenter simulator behind TLS, with a real receiver: what arrives, and what its user is told of an endpoint that is wrong.</summary>
public sealed class VCenterTests
{
    private const ulong SampleNanoseconds = 20_000_000_000;

    /// <summary>A sampled gauge and a sampled counter, which arrive once for each sample and not once for each export.</summary>
    private static readonly string[] Sampled = ["vcenter.vm.network.usage", "observe.vcenter.vm.cpu.time"];

    [Fact]
    public async Task Run_TwoEndpointsOneWithAWrongPassword_PushesAndServesTheOtherAndSaysSoOnce()
    {
        await using var bed = await VCenterBed.MakeAsync();
        await using var vcsim = await bed.SimulateAsync();
        // The simulator has a sample of the moment it is asked, and one of 20 s before, which is of after the start only if it takes its time.
        await vcsim.DelayAsync(TimeSpan.Zero, 0, ("QueryPerf", TimeSpan.FromSeconds(1)));
        var machines = await vcsim.ListAsync("VirtualMachine");
        var hosts = await vcsim.ListAsync("HostSystem");
        var began = Nanoseconds(DateTimeOffset.UtcNow);
        using var agent = bed.Run(vcsim.Url, "right", "wrong");
        var address = await VCenterBed.AddressAsync(agent);

        await Until.SoAsync("every machine's samples arrive", () => Task.FromResult(SamplesOf(bed, Sampled[0]).Count() == machines.Count));
        var scrape = await bed.GetAsync(address, "/metrics");
        var ready = await bed.GetAsync(address, "/readyz");
        // Exports after the samples' would say them again if anything did.
        var exports = bed.Receiver.Requests.Count;
        await Until.SoAsync("exports go on", () => Task.FromResult(bed.Receiver.Requests.Count >= exports + 2));
        agent.Signal("TERM");
        (await agent.ExitAsync()).ShouldBe(0);

        var series = PushedSeries.Of(bed.Receiver).Where(each => each.Resource.GetValueOrDefault("vcenter") == "right").ToList();
        ShouldHaveTheInventory(series, machines.Keys, hosts.Keys);
        foreach (var each in series.Where(each => Sampled.Contains(each.Metric)))
            ShouldBeSamples(each, began);
        // Four states of each machine at least: which counters there are is the simulator's.
        series.Count(each => each.Metric == Sampled[1]).ShouldBeGreaterThanOrEqualTo(4 * machines.Count);
        ShouldBeServed(scrape, SamplesOf(bed, Sampled[0]), "vcenter_vm_network_usage");
        ShouldBeServed(scrape, SamplesOf(bed, Sampled[1]), "observe_vcenter_vm_cpu_time_seconds_total");

        scrape.ShouldContain("observe_collector_success{collector=\"vcenter\"} 0\n");
        scrape.ShouldContain("observe_vcenter_api_logins_total{vcenter=\"wrong\",outcome=\"refused\"} 1\n");
        // Started later than the login was refused, the agent names what is degraded.
        var complaints = agent.Error.Split('\n').Where(line => line.Contains("wrong", StringComparison.Ordinal) && !line.Contains("event=Started ", StringComparison.Ordinal)).ToList();
        complaints.Count.ShouldBe(2, agent.Error);
        complaints[1].ShouldContain("event=CollectorFailed collector=vcenter", Case.Sensitive, "what every collector's failure looks like");
        var complaint = complaints[0];
        complaint.ShouldContain("level=warning");
        complaint.ShouldContain("refused the login of reader: InvalidLogin");
        complaint.ShouldContain("correct the endpoint's username and password");
        ready.ShouldStartWith("ready\n");
        ready.ShouldContain("vcenter wrong ");
        ready.ShouldNotContain("vcenter right");
        VCenterBed.ShouldHaveNoSecret([agent.Output, agent.Error, scrape, ready, .. bed.Receiver.Requests.Select(each => Encoding.Latin1.GetString(each.Message.ToByteArray()))]);
    }

    private static IEnumerable<PushedSeries> SamplesOf(VCenterBed bed, string metric) => PushedSeries.Of(bed.Receiver).Where(each => each.Metric == metric);

    private static void ShouldHaveTheInventory(List<PushedSeries> series, IEnumerable<string> machines, IEnumerable<string> hosts)
    {
        var ofMachines = series.Where(each => each.Metric == "observe.vcenter.vm.cpus").ToList();
        ofMachines.Select(each => each.Resource["vcenter.vm.name"]).Order().ShouldBe(machines.Order());
        ofMachines.Select(each => each.Resource["vcenter.vm.id"]).Distinct().Count().ShouldBe(ofMachines.Count);
        ofMachines.ShouldAllBe(each => each.Resource["vcenter.datacenter.name"] == "DC0" && each.Resource["host.id"].Length == 36);
        series.Where(each => each.Metric == "observe.vcenter.host.power" && each.Points.Count > 0).Select(each => each.Resource["vcenter.host.name"]).Distinct().Order().ShouldBe(hosts.Order());
        var clustered = ofMachines.First(each => each.Resource["vcenter.vm.name"].StartsWith("DC0_C0", StringComparison.Ordinal));
        clustered.Resource["vcenter.cluster.name"].ShouldBe("DC0_C0");
        clustered.Resource["vcenter.host.name"].ShouldStartWith("DC0_C0_H");
    }

    /// <summary>Each moment once, 20 s from the one before, and no later than when it was asked for.</summary>
    private static void ShouldBeSamples(PushedSeries series, ulong began)
    {
        var what = $"{series.Metric} of {series.Resource["vcenter.vm.name"]}";
        var times = series.Points.Select(each => each.TimeUnixNano).ToList();
        times.ShouldBeUnique(what);
        times.Count.ShouldBe(2, what);
        // It gives them by the microsecond, and both are converted by themselves.
        ((double)(times[1] - times[0])).ShouldBe(SampleNanoseconds, 1e6, what);
        times[0].ShouldBeInRange(began - SampleNanoseconds - 1_000_000_000, Nanoseconds(DateTimeOffset.UtcNow) - SampleNanoseconds, what);
        if (series.Metric == Sampled[1])
            Value(series.Points[1]).ShouldBeGreaterThanOrEqualTo(Value(series.Points[0]), what);
    }

    /// <summary>What was pushed last is what was scraped, of each series.</summary>
    private static void ShouldBeServed(string scrape, IEnumerable<PushedSeries> pushed, string name)
    {
        var lines = scrape.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)).ToList();
        foreach (var series in pushed)
        {
            string[] labels = [$"vcenter_vm_id=\"{series.Resource["vcenter.vm.id"]}\"", .. series.Attributes.Select(each => $"{each.Key}=\"{each.Value}\"")];
            var line = lines.Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal))).ShouldHaveSingleItem();
            double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture).ShouldBe(Value(series.Points[^1]), 1e-9, line);
        }
    }

    private static double Value(NumberDataPoint point) => point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;

    private static ulong Nanoseconds(DateTimeOffset moment) => (ulong)(moment - DateTimeOffset.UnixEpoch).Ticks * 100;
}
