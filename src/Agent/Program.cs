using System.CommandLine;
using System.CommandLine.Parsing;
using Observe.Agent.Commands;

// observe run | check | config | --version. What each does: Commands/. What is collected: Collectors.cs. What is checked: Probes.cs.
// How the agent is put together: AgentHost.cs.
var parsed = CommandLine.Create().Parse(args);
// How long SIGTERM and SIGINT leave a command to end by itself. The default, 2 s, would end an agent in the middle of its own
// stop, with status 143, on a machine that is slow or busy; no limit at all would make one that hangs immune to Ctrl-C.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
if (parsed.Errors.Count == 0)
    return await parsed.InvokeAsync(invocation);
foreach (ParseError error in parsed.Errors)
    await Console.Error.WriteLineAsync($"observe: {error.Message}");
await Console.Error.WriteLineAsync("observe: see observe --help");
return ExitCode.Usage;
