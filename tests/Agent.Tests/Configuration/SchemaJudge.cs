using System.Diagnostics;
using System.Text.Json;

namespace Observe.Agent.Tests.Configuration;

/// <summary>What somebody else's validator says of a configuration file, by the schema that is checked in.</summary>
internal static class SchemaJudge
{
    /// <summary>Debian's own interpreter: the modules are packages of Debian.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly Lock Gate = new();
    private static readonly Lazy<Process> Validator = new(Start);

    /// <summary>Why there is no validator; null if there is.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>What is wrong with a document; null if nothing is.</summary>
    public static string? Judge(string yaml)
    {
        lock (Gate)
        {
            var process = Validator.Value;
            process.StandardInput.WriteLine(JsonSerializer.Serialize(yaml));
            process.StandardInput.Flush();
            var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"judge.py ended: {process.StandardError.ReadToEnd()}");
            return JsonSerializer.Deserialize<string>(line) is var verdict and not "valid" ? verdict : null;
        }
    }

    private static Process Start()
    {
        var process = Process.Start(new ProcessStartInfo(
            Python, [Path.Combine(Repository.Root, "tests/Agent.Tests/Configuration/judge.py"), Path.Combine(Repository.Root, "deploy/observe.schema.json")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // It ends with its input, and the input with this process; but a runner waits for who holds its output.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        return process;
    }

    private static string? FindMissing()
    {
        if (!File.Exists(Python))
            return $"there is no {Python}: scripts/install-deps test";
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import jsonschema, ruamel.yaml; jsonschema.Draft202012Validator"]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{Python} has no validator ({error.Trim().Split('\n')[^1]}): scripts/install-deps test";
    }
}
