using System.Collections;
using System.CommandLine;
using Observe.Agent.Configuration;
using Observe.Agent.Configuration.Sources;

namespace Observe.Agent.Commands;

/// <summary>What a user can type.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Config = new("--config", "-c") { Description = "The YAML configuration file; OBSERVE_CONFIG if not given", HelpName = "FILE" };

    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "Where to serve /metrics: HOST:PORT or unix:/PATH; may be given more than once",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string[]> Set = new("--set") { Description = "Any key of the configuration; may be given more than once", HelpName = "KEY=VALUE" };

    private static readonly Option<bool> Strict = new("--strict") { Description = "Exit with 1 also for what is degraded" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    private static readonly Option<bool> PrintConfig = new("--print-config") { Description = "Print the effective configuration and where each value was set" };

    private static readonly Option<bool> Calibrate = new("--calibrate") { Description = "Measure also what a round trip into a KVM guest costs here, in 0.2 s" };

    private static readonly Option<string?> MapSize = new("--map-size") { Description = "Print the kernel memory that the tables would take on another host", HelpName = "CPUS:CGROUPS" };

    public static RootCommand Create()
    {
        var run = new Command("run", "Run the agent") { Config, Listen, Set };
        // Elsewhere, so that its task is there at once: a signal before that would end the process as if nothing were running, while
        // the agent starts, or takes itself down again.
        run.SetAction((parsed, cancel) => Task.Run(() => RunCommand.RunAsync(Sources(parsed), Console.Error, cancel), CancellationToken.None));

        var check = new Command("check", "Say what works on this host, and what to do about what does not") { Config, Listen, Set, Strict, Json, PrintConfig, Calibrate, MapSize };
        check.SetAction((parsed, cancel) => CheckCommand.RunAsync(
            Sources(parsed),
            new CheckChoices(parsed.GetValue(Strict), parsed.GetValue(Json), parsed.GetValue(PrintConfig), parsed.GetValue(Calibrate), parsed.GetValue(MapSize)),
            Console.Out, Console.Error, cancel));

        var example = new Command("example", "Print a configuration file with every key, commented out, and what it takes");
        example.SetAction((_, _) => ConfigCommand.PrintExampleAsync(Console.Out));
        var schema = new Command("schema", "Print a JSON Schema of the configuration file, for editors and checks");
        schema.SetAction((_, _) => ConfigCommand.PrintSchemaAsync(Console.Out));
        var config = new Command("config", "Print what a configuration file may have in it") { example, schema };

        return new RootCommand("Observe: where did the time go?") { run, check, config };
    }

    private static ConfigurationSources Sources(ParseResult parsed)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(each => (string)each.Key, each => (string?)each.Value ?? "");
        return new ConfigurationSources
        {
            File = parsed.GetValue(Config) ?? (environment.TryGetValue(EnvironmentSource.FileVariable, out var file) && file.Length > 0 ? file : null),
            Environment = environment,
            Listen = parsed.GetValue(Listen) ?? [],
            Assignments = parsed.GetValue(Set) ?? [],
        };
    }
}
