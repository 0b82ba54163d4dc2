using System.Xml;
using Observe.Collectors.VCenter.Vim;

namespace Observe.Collectors.VCenter.Soap;

/// <content>Performance, and the vCenter's own options.</content>
internal sealed partial class SoapVim
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PerfCounter>> RetrievePerfCountersAsync(ManagedObject propertyCollector, ManagedObject perfManager, CancellationToken cancellationToken)
    {
        var properties = await RetrievePropertiesAsync(propertyCollector, perfManager, ["perfCounter"], cancellationToken).ConfigureAwait(false);
        return properties.TryGetValue("perfCounter", out var counters) ? VimReading.Counters(counters) : [];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PerfEntitySamples>> QueryPerfAsync(ManagedObject perfManager, IReadOnlyList<PerfQuery> queries, CancellationToken cancellationToken)
    {
        var samples = new List<PerfEntitySamples>(queries.Count);
        var instances = new Dictionary<string, string>(StringComparer.Ordinal);
        await transport.CallAsync(new SoapCall("QueryPerf", perfManager, Write) { Take = Take }, cancellationToken).ConfigureAwait(false);
        return samples;

        void Write(XmlWriter xml)
        {
            foreach (var query in queries)
            {
                xml.WriteMembers("querySpec", spec =>
                {
                    spec.WriteObject("entity", query.Entity);
                    if (query.Begin is { } begin)
                        spec.WriteText("startTime", VimTime.Format(begin));
                    if (query.MaxSamples is { } most)
                        spec.WriteNumber("maxSample", most);
                    foreach (var (counter, instance) in query.Counters)
                    {
                        spec.WriteMembers("metricId", metric =>
                        {
                            metric.WriteNumber("counterId", counter);
                            metric.WriteText("instance", instance);
                        });
                    }
                    spec.WriteNumber("intervalId", query.IntervalSeconds);
                    spec.WriteText("format", "normal");
                });
            }
        }

        void Take(VimValue returned)
        {
            if (VimReading.Samples(returned, instances) is { } read)
                samples.Add(read);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> QueryOptionAsync(ManagedObject setting, string name, CancellationToken cancellationToken)
    {
        try
        {
            var returned = await CallAsync("QueryOptions", setting, cancellationToken, xml => xml.WriteText("name", name)).ConfigureAwait(false);
            return returned.FirstOrDefault(each => each["key"]?.Text == name)?["value"]?.Text;
        }
        catch (VimFaultException error) when (error.Fault == "InvalidName")
        {
            return null;
        }
    }
}
