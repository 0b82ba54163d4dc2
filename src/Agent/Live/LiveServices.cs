using Microsoft.Extensions.DependencyInjection;
using Observe.Agent.Http;
using Observe.Agent.Live.Answer;
using Observe.Agent.Live.Ledger;
using Observe.Agent.Live.Page;
using Observe.Agent.Live.Recent;
using Observe.Collectors.Events;
using Observe.Collectors.Traces;

namespace Observe.Agent.Live;

/// <summary>Registers the picture on the spot: the recent past, the page, and what it asks for.</summary>
internal static class LiveServices
{
    /// <summary>Adds all of it. Before what makes spans: the recent past knows a stall before it is told of its span.</summary>
    /// <param name="services">The agent's services.</param>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services
            .AddSingleton<LiveSequence>()
            .AddSingleton<RecentSubjects>()
            .AddSingleton<RecentPast>()
            .AddSingleton<IEventSink>(host => host.GetRequiredService<RecentPast>())
            .AddSingleton<ISpanSink>(host => host.GetRequiredService<RecentPast>())
            .AddSingleton<IStallObserver>(host => host.GetRequiredService<RecentPast>())
            .AddSingleton<LedgerHistory>()
            .AddSingleton<LiveView>()
            .AddSingleton<LiveNotes>()
            .AddSingleton<LiveAnswers>()
            .AddSingleton<IHttpEndpoint, LivePage>()
            .AddSingleton<IHttpEndpoint, LiveEndpoint>()
            .AddSingleton<IHttpEndpoint, TraceEndpoint>();
        foreach (var asset in PageAsset.All)
            services.AddSingleton<IHttpEndpoint>(asset);
        return services;
    }
}
