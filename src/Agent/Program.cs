using System.CommandLine.Parsing;
using Observe.Agent.Commands;

// observe run | check | --version. What each does: Commands/. What is collected: Collectors.cs. What is checked: Probes.cs.
// How the agent is put together: AgentHost.cs.
var parsed = CommandLine.Create().Parse(args);
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync();
foreach (ParseError error in parsed.Errors)
    await Console.Error.WriteLineAsync($"observe: {error.Message}");
await Console.Error.WriteLineAsync("observe: see observe --help");
return ExitCode.Usage;
