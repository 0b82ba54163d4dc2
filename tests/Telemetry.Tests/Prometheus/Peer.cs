using System.ComponentModel;
using System.Diagnostics;

namespace Observe.Telemetry.Tests.Prometheus;

/// <summary>Other people's programs, as judges of what we write.</summary>
internal static class Peer
{
    /// <summary>Runs a program over an input; skips the test, with the reason, where it is not installed.</summary>
    /// <returns>Exit code and everything it said.</returns>
    public static async Task<(int ExitCode, string Output)> RunOrSkip(string program, string[] arguments, byte[] input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            Assert.Skip($"{program} cannot be run: {error.Message}");
            throw;
        }
        using (process)
        {
            var cancellation = TestContext.Current.CancellationToken;
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.StandardInput.BaseStream.WriteAsync(input, cancellation);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output + await errors);
        }
    }
}
