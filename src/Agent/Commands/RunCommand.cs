using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Observe.Agent.Check;
using Observe.Agent.Configuration;

namespace Observe.Agent.Commands;

/// <summary><c>observe run</c>: the agent, until it is told to stop.</summary>
public static partial class RunCommand
{
    /// <summary>Runs the agent.</summary>
    /// <param name="sources">Where the configuration comes from.</param>
    /// <param name="error">Where log lines and reasons not to start go.</param>
    /// <param name="cancellationToken">Stops the agent, as SIGTERM and SIGINT do.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ConfigurationSources sources, TextWriter error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        var configuration = ConfigurationLoader.Load(sources);
        if (ConfigurationErrors.Print(configuration, error))
            return ExitCode.Usage;
        await using var app = AgentHost.Build(sources, configuration, error);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RunCommand).FullName!);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // The server does not always say which address it could not have; trying them again does.
            var reasons = new ListenProbe(configuration.Options.Listen, new HostPaths()).Explain();
            foreach (var reason in reasons.DefaultIfEmpty($"cannot start the server: {failure.Message}; correct listen:"))
                await error.WriteLineAsync($"observe: {reason}").ConfigureAwait(false);
            await EndAsync(app).ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before it had started: as good an end as any.
            await EndAsync(app).ConfigureAwait(false);
            Log.Stopped(logger);
            return ExitCode.Success;
        }
        Log.Listening(logger, AgentVersion.Full, string.Join(", ", Addresses(app)));
        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        Log.Stopped(logger);
        return ExitCode.Success;
    }

    /// <summary>Stops what had begun before the start failed. Thrown away without that, services that had not quite begun are logged as broken.</summary>
    private static Task EndAsync(WebApplication app) => app.StopAsync(CancellationToken.None);

    private static ICollection<string> Addresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "observe {Version} listens on {Addresses}", EventName = "Listening")]
        public static partial void Listening(ILogger logger, string version, string addresses);

        [LoggerMessage(2, LogLevel.Information, "stopped", EventName = "Stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
