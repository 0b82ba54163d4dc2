using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Check;
using Observe.Agent.Configuration;
using Observe.Agent.Configuration.Options;
using Observe.Agent.Export;
using Observe.Agent.Export.Otlp;
using Observe.Agent.Export.Traces;
using Observe.Agent.Http;
using Observe.Agent.Live;
using Observe.Agent.Memory;
using Observe.Agent.Privileges;
using Observe.Agent.Logging;
using Observe.Agent.Status;
using Observe.Agent.Systemd;
using Observe.Collectors;
using Observe.Collectors.Guest;
using Observe.Collectors.Running;
using Observe.Collectors.Self;
using Observe.Telemetry;
using Observe.Telemetry.Model;

namespace Observe.Agent;

/// <summary>Puts the agent together.</summary>
public static class AgentHost
{
    /// <summary>How old a collection may be to be handed out again: less than any sensible scrape interval, more than two scrapers' jitter.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    /// <summary>What a clean stop may take; with the host's own teardown it stays within 2 s.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(1500);

    /// <summary>Builds the agent; nothing runs or listens until it is started.</summary>
    /// <param name="sources">Where the configuration came from, to read it again on SIGHUP.</param>
    /// <param name="configuration">The configuration, without errors.</param>
    /// <param name="log">Where log lines go.</param>
    /// <param name="adjust">Last changes to the services, for tests.</param>
    public static WebApplication Build(
        ConfigurationSources sources, ConfigurationResult configuration, TextWriter log, Action<IServiceCollection>? adjust = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.Options;
        // Empty: no appsettings.json, no ASPNETCORE_ variables; the agent has one configuration, its own.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "observe" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => ListenSetup.Configure(server, options.Listen));
        builder.Services
            .AddSingleton(sources)
            .AddSingleton(configuration)
            .AddSingleton(options)
            .AddSingleton(new HostPaths())
            .AddSingleton(TimeProvider.System)
            .Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout)
            .Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true)
            .AddLineLogging(options.Log, log)
            .AddCollection(options)
            .AddCollectors(options)
            .AddPrivileges(options)
            .AddEndpoints()
            .AddSystemd()
            .AddLive()
            .AddOtlpExport(configuration.Otlp)
            .AddTraces(configuration.Traces, options);
        adjust?.Invoke(builder.Services);

        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<Router>().HandleAsync);
        return app;
    }

    private static IServiceCollection AddLineLogging(this IServiceCollection services, LogOptions options, TextWriter log)
    {
        var levels = new LogLevelSwitch(options.Level);
        var journal = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("JOURNAL_STREAM"));
        return services
            .AddSingleton(levels)
            .AddSingleton<ILoggerProvider>(host =>
            {
                var time = host.GetRequiredService<TimeProvider>();
                var dropped = host.GetRequiredService<LossCounters>().Counter("log_line_dropped");
                return new LineLoggerProvider(log, options.Format, journal, new LogThrottle(time, dropped), levels, time);
            })
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace));
    }

    private static IServiceCollection AddCollection(this IServiceCollection services, ObserveOptions options) => services
        .AddSingleton<LossCounters>()
        .AddSingleton(host => new SampleQueue(options.Otlp.MaxSamples ?? SampleQueue.DefaultMaxValues, host.GetRequiredService<LossCounters>().Counter("otlp_samples_dropped").Add))
        .AddSingleton(host => HostResource.Create(
            AgentVersion.Number, host.GetRequiredService<HostPaths>().KernelRelease, HostId.Read(
                host.GetRequiredService<HostPaths>().Sys, host.GetRequiredService<HostPaths>().Etc, Environment.GetEnvironmentVariable(SystemdCredential.DirectoryVariable))))
        .AddSingleton(host => new CollectorRunner(
            [.. host.GetServices<ICollector>()],
            MetricCatalog.All,
            host.GetRequiredService<Resource>(),
            options.Collectors.Timeout,
            host.GetRequiredService<LossCounters>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<CollectorRunner>>()))
        .AddSingleton(host => new SharedCollection(host.GetRequiredService<CollectorRunner>().CollectAsync, MaxAge, host.GetRequiredService<TimeProvider>()))
        .AddSingleton<IMetricSource>(host => host.GetRequiredService<SharedCollection>())
        .AddHostedService<GarbageBound>()
        .AddSingleton(host => new AgentStatus(
            host.GetRequiredService<CollectorRunner>(), host.GetRequiredService<SharedCollection>(), (2 * options.Collectors.Timeout) + TimeSpan.FromSeconds(1)));

    private static IServiceCollection AddEndpoints(this IServiceCollection services) => services
        .AddSingleton<Router>()
        .AddSingleton<IHttpEndpoint, MetricsEndpoint>()
        .AddSingleton<IHttpEndpoint, HealthEndpoint>()
        .AddSingleton<IHttpEndpoint, ReadinessEndpoint>();

    private static IServiceCollection AddSystemd(this IServiceCollection services) => services
        .AddSingleton(_ => new SystemdNotifier(Environment.GetEnvironmentVariable(SystemdNotifier.SocketVariable)))
        .AddSingleton(host => new SystemdService(
            host.GetRequiredService<SystemdNotifier>(),
            WatchdogInterval.From(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.ProcessId),
            host.GetRequiredService<IMetricSource>(),
            host.GetRequiredService<AgentStatus>(),
            host.GetRequiredService<IHostApplicationLifetime>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<SystemdService>>()))
        .AddHostedService(host => host.GetRequiredService<SystemdService>())
        .AddHostedService<Reloader>();
}
