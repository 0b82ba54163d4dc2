using Observe.Agent.Configuration.Files;

namespace Observe.Agent.Commands;

/// <summary><c>observe config</c>: what a configuration file may have in it.</summary>
internal static class ConfigCommand
{
    /// <summary>Prints a file with every key commented out.</summary>
    public static async Task<int> PrintExampleAsync(TextWriter output)
    {
        await output.WriteAsync(ExampleFile.Write()).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>Prints a JSON Schema of the file.</summary>
    public static async Task<int> PrintSchemaAsync(TextWriter output)
    {
        await output.WriteAsync(SchemaFile.Write()).ConfigureAwait(false);
        return ExitCode.Success;
    }
}
