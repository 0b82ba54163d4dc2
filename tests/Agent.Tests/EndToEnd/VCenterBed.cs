using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Observe.Agent.Tests.Otlp;
using Observe.Collectors.Tests.VCenter;
using Observe.Collectors.Tests.VCenter.Soap;

namespace Observe.Agent.Tests.EndToEnd;

/// <summary>What an agent that follows vCenters needs around it: certificates, a receiver, and files of its own with passwords, state and configuration.</summary>
internal sealed partial class VCenterBed : IAsyncDisposable
{
    /// <summary>One that no vCenter takes.</summary>
    public const string WrongPassword = "hunter2 forever";

    private readonly TestCertificates certificates = new();
    private readonly string directory = Directory.CreateTempSubdirectory("observe-vcenter-").FullName;
    private readonly HttpClient client = new();
    private readonly CancellationTokenSource ending = new();

    private VCenterBed()
    {
    }

    /// <summary>Takes what the agent pushes.</summary>
    public OtlpReceiver Receiver { get; private set; } = null!;

    /// <summary>Whether the receiver takes requests, and answers none.</summary>
    public bool IsReceiverHanging { get; set; }

    /// <summary>Where the agents keep what outlives them.</summary>
    public string StateDirectory => Path.Combine(directory, "state");

    public static async Task<VCenterBed> MakeAsync()
    {
        var bed = new VCenterBed();
        bed.Receiver = await OtlpReceiver.StartAsync(answer: async (_, _) =>
        {
            if (bed.IsReceiverHanging)
                await Task.Delay(Timeout.Infinite, bed.ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return bed.IsReceiverHanging;
        });
        using var certificate = bed.certificates.Issue();
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(bed.PathOf("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(bed.PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(bed.PathOf("right"), VcSim.Password);
        File.WriteAllText(bed.PathOf("wrong"), WrongPassword);
        return bed;
    }

    /// <summary>Starts a simulator with a certificate that the agents trust.</summary>
    /// <param name="port">On this port; 0: on any.</param>
    public Task<VcSim> SimulateAsync(int port = 0) => VcSim.StartAsync("-tls", "-cert", PathOf("cert.pem"), "-key", PathOf("key.pem"), "-port", $"{port}");

    /// <summary>Starts an agent that pushes once a second.</summary>
    /// <param name="url">The vCenter.</param>
    /// <param name="names">Endpoints, all of them of that vCenter; those called <c>wrong</c> have the wrong password.</param>
    public ObserveProcess Run(Uri url, params string[] names)
    {
        var endpoints = names.Select(name =>
            $"{{ name: {name}, url: \"{url}\", username: {VcSim.User}, passwordFile: {PathOf(name == "wrong" ? "wrong" : "right")}, caFile: {certificates.CaFile} }}");
        File.WriteAllText(PathOf("observe.yaml"), $$"""
            listen: 127.0.0.1:0
            otlp: { endpoint: "{{Receiver.Url()}}", interval: 1s }
            collectors:
              docker: { enabled: false }
              vcenter: { stateDirectory: {{StateDirectory}}, endpoints: [ {{string.Join(", ", endpoints)}} ] }

            """);
        return new ObserveProcess(["run", "--config", PathOf("observe.yaml")]);
    }

    /// <summary>What an agent says of itself at a path.</summary>
    public Task<string> GetAsync(Uri address, string path) => client.GetStringAsync(new Uri(address, path), TestContext.Current.CancellationToken);

    /// <summary>Where an agent listens, once it does.</summary>
    public static async Task<Uri> AddressAsync(ObserveProcess agent) => new(Url().Match(await agent.LineAsync("listens on")).Value);

    /// <summary>Whatever an agent gave away has no password in it, as it is or in another spelling.</summary>
    public static void ShouldHaveNoSecret(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            foreach (var password in (string[])[VcSim.Password, WrongPassword])
            {
                text.ShouldNotContain(password);
                text.ShouldNotContain(Uri.EscapeDataString(password));
                text.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(password)));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Receiver.DisposeAsync();
        ending.Dispose();
        client.Dispose();
        certificates.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private string PathOf(string name) => Path.Combine(directory, name);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();
}
