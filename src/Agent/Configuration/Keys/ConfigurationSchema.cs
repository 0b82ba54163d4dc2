using Observe.Collectors.Docker;
using Observe.Collectors.Kubernetes;
using Observe.Collectors.Kvm;
using Observe.Collectors.Sched;
using Observe.Agent.Configuration.Options;
using static Observe.Agent.Configuration.Keys.ValueKinds;

namespace Observe.Agent.Configuration.Keys;

/// <summary>Every key, once: how it is written and which option it sets. <c>docs/configuration.md</c> is checked against it.</summary>
public static class ConfigurationSchema
{
    /// <summary>The least and the most time between exports: below, exporting is all the agent does; above, rates lose their meaning.</summary>
    private static readonly ValueKind<TimeSpan> Interval = Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    /// <summary>How long anything remote or slow may take.</summary>
    private static readonly ValueKind<TimeSpan> Timeout = Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));

    /// <summary>All keys, in the order in which they are documented and printed.</summary>
    public static IReadOnlyList<ConfigurationKey> Keys { get; } =
    [
        new ListKey<ListenAddress>("listen", ValueKinds.Listen, o => o.Listen, (o, v) => o with { Listen = v },
            "Where /metrics, /healthz, /readyz and / are served; several addresses make a list"),
        new ScalarKey<Microsoft.Extensions.Logging.LogLevel>("log.level", LogLevels, o => o.Log.Level, (o, v) => o with { Log = o.Log with { Level = v } },
            "The least severe level that is logged to standard error"),
        new ScalarKey<LogFormat>("log.format", OneOf(("text", LogFormat.Text), ("json", LogFormat.Json)), o => o.Log.Format, (o, v) => o with { Log = o.Log with { Format = v } },
            "One line of key=value pairs, or one JSON object a line"),
        new ScalarKey<PrivilegeDropTime>("privileges.drop", OneOf(("never", PrivilegeDropTime.Never), ("attached", PrivilegeDropTime.Attached)), o => o.Privileges.Drop, (o, v) => o with { Privileges = new() { Drop = v } },
            "When the capabilities that are not needed any more are given up, for good: attached is after the first collection, once every program is attached; what comes later, as KVM's module may, takes a restart"),

        .. Otlp(),
        .. Traces(),
        .. StallKeys.All(),

        new ScalarKey<TimeSpan>("collectors.timeout", Timeout, o => o.Collectors.Timeout, (o, v) => o with { Collectors = o.Collectors with { Timeout = v } },
            "How long one collector may take before the collection goes on without it"),
        new ScalarKey<bool>("collectors.sched.enabled", Switch, o => o.Collectors.Sched.Enabled, (o, v) => WithSched(o, o.Collectors.Sched with { Enabled = v }),
            "The scheduler ledger: where every thread's time goes"),
        new ScalarKey<int>("collectors.sched.slots", Count(0, 1 << 20), o => o.Collectors.Sched.Slots, (o, v) => WithSched(o, o.Collectors.Sched with { Slots = v }),
            "Accounts in the kernel, one a cgroup; 0 sizes them from the host"),
        new ScalarKey<int>("collectors.sched.tasks", Count(0, 1 << 22), o => o.Collectors.Sched.Tasks, (o, v) => WithSched(o, o.Collectors.Sched with { Tasks = v }),
            "Threads that are found the fast way, rounded up to a power of two; 0 sizes it from the host; more are followed too, at some more cost"),
        new ScalarKey<ThrottleMethod>("collectors.sched.throttle", Throttle, o => o.Collectors.Sched.Throttle, (o, v) => WithSched(o, o.Collectors.Sched with { Throttle = v }),
            "How time taken by a CPU quota is told from waiting for a CPU; auto takes the first that the kernel supports"),
        new ScalarKey<bool>("collectors.cgroup.enabled", Switch, o => o.Collectors.Cgroup.Enabled, (o, v) => WithCgroup(o, o.Collectors.Cgroup with { Enabled = v }),
            "Quotas, enforcement periods and pressure from the cgroup's own files"),
        new ScalarKey<string?>("collectors.cgroup.root", AbsolutePath, o => o.Collectors.Cgroup.Root, (o, v) => WithCgroup(o, o.Collectors.Cgroup with { Root = v! }),
            "Where the host's cgroup file system is mounted"),
        new ScalarKey<bool>("collectors.cgroup.pressure", Switch, o => o.Collectors.Cgroup.Pressure, (o, v) => WithCgroup(o, o.Collectors.Cgroup with { Pressure = v }),
            "Whether pressure stall information is read, where the kernel has it on"),
        new ScalarKey<KvmTier>("collectors.kvm.tier", OneOf(("off", KvmTier.Off), ("stats", KvmTier.Stats), ("exits", KvmTier.Exits)), o => o.Collectors.Kvm.Tier, (o, v) => WithKvm(o, o.Collectors.Kvm with { Tier = v }),
            "Virtual machines: exits hooks every exit, stats reads what KVM counts itself, off does neither; without KVM all cost nothing"),
        new ScalarKey<int>("collectors.kvm.vcpus", Count(1, 1 << 16), o => o.Collectors.Kvm.Vcpus, (o, v) => WithKvm(o, o.Collectors.Kvm with { Vcpus = v }),
            "The most vCPUs that have an account in the kernel at a time"),
        .. Docker(),

        .. Kubernetes(),
        .. VCenterKeys.All(Timeout),
        new ScalarKey<int>("workloads.max", Count(1, 1 << 20), o => o.Workloads.Max, (o, v) => o with { Workloads = o.Workloads with { Max = v } },
            "The most workloads that are told apart; the rest are reported together as other, and counted"),
    ];

    private static ValueKind<ThrottleMethod> Throttle => OneOf(
        ("auto", ThrottleMethod.Auto), ("task", ThrottleMethod.Task), ("clock", ThrottleMethod.Clock),
        ("fentry", ThrottleMethod.Fentry), ("kprobe", ThrottleMethod.Kprobe), ("off", ThrottleMethod.Off));

    private static ConfigurationKey[] Otlp() =>
    [
        new ScalarKey<Uri?>("otlp.endpoint", HttpUrl, o => o.Otlp.Endpoint, (o, v) => o with { Otlp = o.Otlp with { Endpoint = v } },
            "Where metrics are pushed to; nothing is pushed unless it is set"),
        new ScalarKey<string?>("otlp.protocol", Word("http/protobuf", "grpc"), o => o.Otlp.Protocol, (o, v) => o with { Otlp = o.Otlp with { Protocol = v } },
            "How they are pushed"),
        new ScalarKey<TimeSpan?>("otlp.interval", Optional(Interval), o => o.Otlp.Interval, (o, v) => o with { Otlp = o.Otlp with { Interval = v } },
            "Time between two exports"),
        new ScalarKey<TimeSpan?>("otlp.timeout", Optional(Timeout), o => o.Otlp.Timeout, (o, v) => o with { Otlp = o.Otlp with { Timeout = v } },
            "How long one attempt to push may take"),
        new ScalarKey<string?>("otlp.compression", Word("gzip", "none"), o => o.Otlp.Compression, (o, v) => o with { Otlp = o.Otlp with { Compression = v } },
            "Compression of the requests"),
        new MapKey("otlp.headers", "a map of header names to values", ValueForm.Matching("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"), ValueForm.Matching(@"^[^\x00-\x1f\x7f-\x9f]*$"), o => o.Otlp.Headers, (o, v) => o with { Otlp = o.Otlp with { Headers = v } },
            "Headers of every request, for example an API key") { IsSecret = true },
        new ScalarKey<string?>("otlp.headersFile", SecretFile, o => o.Otlp.HeadersFile, (o, v) => o with { Otlp = o.Otlp with { HeadersFile = v } },
            "File with headers, one a line, NAME=VALUE or NAME: VALUE, besides those of otlp.headers; read at each start"),
        new ScalarKey<string?>("otlp.certificate", AbsolutePath, o => o.Otlp.Certificate, (o, v) => o with { Otlp = o.Otlp with { Certificate = v } },
            "PEM file with the certificate authorities that the receiver's certificate is checked against; the system's if unset"),
        new ScalarKey<string?>("otlp.clientCertificate", AbsolutePath, o => o.Otlp.ClientCertificate, (o, v) => o with { Otlp = o.Otlp with { ClientCertificate = v } },
            "PEM file with the certificate the agent shows to the receiver"),
        new ScalarKey<string?>("otlp.clientKey", AbsolutePath, o => o.Otlp.ClientKey, (o, v) => o with { Otlp = o.Otlp with { ClientKey = v } },
            "PEM file with the private key of the client certificate"),
        new ScalarKey<int?>("otlp.maxSamples", Optional(Count(100_000, 500_000_000)), o => o.Otlp.MaxSamples, (o, v) => o with { Otlp = o.Otlp with { MaxSamples = v } },
            "The most values with times of their own, 8 bytes each, that wait for a receiver that is down"),
    ];

    private static ConfigurationKey[] Traces() =>
    [
        new ScalarKey<bool>("traces.enabled", Switch, o => o.Traces.Enabled, (o, v) => o with { Traces = o.Traces with { Enabled = v } },
            "Whether spans are made and pushed, if there is an endpoint for them"),
        new ScalarKey<Uri?>("traces.endpoint", HttpUrl, o => o.Traces.Endpoint, (o, v) => o with { Traces = o.Traces with { Endpoint = v } },
            "Where spans are pushed to; if unset, to otlp.endpoint; everything else is as in the otlp section"),
        new ScalarKey<int>("traces.maxSpans", Count(100, 1 << 20), o => o.Traces.MaxSpans, (o, v) => o with { Traces = o.Traces with { MaxSpans = v } },
            "The most spans, some 2 kB each, that wait for a receiver that is down"),
    ];

    private static ConfigurationKey[] Docker() =>
    [
        new ScalarKey<bool>("collectors.docker.enabled", Switch, o => o.Collectors.Docker.Enabled, (o, v) => WithDocker(o, o.Collectors.Docker with { Enabled = v }),
            "The container engine: names, states, events and its own counters of containers; where there is none it costs nothing"),
        new ScalarKey<DockerEndpoint>("collectors.docker.endpoint", Engine, o => o.Collectors.Docker.Endpoint, (o, v) => WithDocker(o, o.Collectors.Docker with { Endpoint = v }),
            "Where the engine listens; Podman's is unix:///run/podman/podman.sock"),
        new ScalarKey<TimeSpan>("collectors.docker.interval", Interval, o => o.Collectors.Docker.Interval, (o, v) => WithDocker(o, o.Collectors.Docker with { Interval = v }),
            "Time between two samples of a container"),
        new ScalarKey<TimeSpan>("collectors.docker.timeout", Timeout, o => o.Collectors.Docker.Timeout, (o, v) => WithDocker(o, o.Collectors.Docker with { Timeout = v }),
            "How long the engine may take to answer one request"),
        new ScalarKey<bool>("collectors.docker.detail", Switch, o => o.Collectors.Docker.Detail, (o, v) => WithDocker(o, o.Collectors.Docker with { Detail = v }),
            "Whether everything is exported that the engine counts, and not only what is looked at most"),
        new ListKey<string>("collectors.docker.labels", Names, o => o.Collectors.Docker.Labels, (o, v) => WithDocker(o, o.Collectors.Docker with { Labels = v }),
            "Labels of containers that become attributes: container.label.NAME"),
        new ListKey<string>("collectors.docker.environment", Names, o => o.Collectors.Docker.Environment, (o, v) => WithDocker(o, o.Collectors.Docker with { Environment = v }),
            "Environment variables of containers that become attributes: container.env.NAME; beware of secrets"),
        new ScalarKey<string?>("collectors.docker.caFile", AbsolutePath, o => o.Collectors.Docker.CaFile, (o, v) => WithDocker(o, o.Collectors.Docker with { CaFile = v }),
            "PEM file with the certificate authorities that the certificate of an engine on TCP is checked against; the system's if unset"),
        new ScalarKey<string?>("collectors.docker.certificate", AbsolutePath, o => o.Collectors.Docker.Certificate, (o, v) => WithDocker(o, o.Collectors.Docker with { Certificate = v }),
            "PEM file with the certificate the agent shows to the engine"),
        new ScalarKey<string?>("collectors.docker.key", AbsolutePath, o => o.Collectors.Docker.Key, (o, v) => WithDocker(o, o.Collectors.Docker with { Key = v }),
            "PEM file with the private key of that certificate"),
    ];

    private static ValueKind<DockerEndpoint> Engine => new(
        "where a container engine listens, such as unix:///var/run/docker.sock, tcp://10.0.0.1:2375 or https://10.0.0.1:2376",
        ValueForm.Matching("^(unix:///.*|([Tt][Cc][Pp]|[Hh][Tt][Tt][Pp][Ss]?)://[^/?#]+/?([?#].*)?)$"),
        text => DockerEndpoint.TryParse(text, out var endpoint) ? new(true, endpoint!) : new(false, null!),
        endpoint => endpoint.Text);

    private static ObserveOptions WithDocker(ObserveOptions options, DockerOptions docker) =>
        options with { Collectors = options.Collectors with { Docker = docker } };

    private static ConfigurationKey[] Kubernetes() =>
    [
        new ScalarKey<KubernetesMode>("collectors.kubernetes.enabled", OneOf(("auto", KubernetesMode.Auto), ("true", KubernetesMode.On), ("false", KubernetesMode.Off)), o => o.Collectors.Kubernetes.Enabled, (o, v) => WithKubernetes(o, o.Collectors.Kubernetes with { Enabled = v }),
            "Names of pods and their containers from the Kubernetes API server; auto asks it in a pod with a service account, and nowhere else"),
        new ScalarKey<string?>("collectors.kubernetes.node", NodeName, o => o.Collectors.Kubernetes.Node, (o, v) => WithKubernetes(o, o.Collectors.Kubernetes with { Node = v }),
            "Name of this node in the cluster; if unset the environment's NODE_NAME, else the host's name"),
        new ScalarKey<Uri?>("collectors.kubernetes.apiServer", HttpsUrl, o => o.Collectors.Kubernetes.ApiServer, (o, v) => WithKubernetes(o, o.Collectors.Kubernetes with { ApiServer = v }),
            "Where the API server is; if unset, where KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT say, as they are set in every pod"),
        new ScalarKey<string?>("collectors.kubernetes.tokenFile", AbsolutePath, o => o.Collectors.Kubernetes.TokenFile, (o, v) => WithKubernetes(o, o.Collectors.Kubernetes with { TokenFile = v! }),
            "File with the bearer token, read again for each request"),
        new ScalarKey<string?>("collectors.kubernetes.caFile", AbsolutePath, o => o.Collectors.Kubernetes.CaFile, (o, v) => WithKubernetes(o, o.Collectors.Kubernetes with { CaFile = v! }),
            "PEM file with the certificate authorities that the API server's certificate is checked against"),
        new ListKey<string>("collectors.kubernetes.labels", PodLabelKey, o => o.Collectors.Kubernetes.Labels, (o, v) => WithKubernetes(o, o.Collectors.Kubernetes with { Labels = v }),
            "Keys of pod labels that are taken over as attributes"),
    ];

    private static ObserveOptions WithSched(ObserveOptions options, SchedOptions sched) =>
        options with { Collectors = options.Collectors with { Sched = sched } };

    private static ObserveOptions WithKvm(ObserveOptions options, KvmOptions kvm) =>
        options with { Collectors = options.Collectors with { Kvm = kvm } };

    private static ObserveOptions WithKubernetes(ObserveOptions options, KubernetesOptions kubernetes) =>
        options with { Collectors = options.Collectors with { Kubernetes = kubernetes } };

    private static ObserveOptions WithCgroup(ObserveOptions options, CgroupOptions cgroup) =>
        options with { Collectors = options.Collectors with { Cgroup = cgroup } };
}
