"""
Series such as two agents would give within half an hour, made from the catalog: of every metric, with every label. Values mean nothing, and
join as an agent's do; so a query that matches wrongly, or names a label's value that does not exist, is found out by a real Prometheus.
"""
import itertools
import zlib

STATES = {
    "observe_thread_time_seconds_total": ("running", "irq", "steal", "waiting", "throttled", "blocked", "sleeping"),
    "observe_cpu_time_seconds_total": ("running", "idle", "irq", "steal"),
    "observe_vcpu_time_seconds_total": ("guest", "exit", "halt_poll", "userspace", "waiting", "throttled", "blocked", "sleeping"),
    "observe_vcenter_vm_cpu_time_seconds_total": ("run", "ready", "costop", "wait", "swapwait", "overlap", "idle", "maxlimited"),
    "observe_vcenter_host_cpu_time_seconds_total": ("used", "ready", "costop", "wait", "swapwait", "idle"),
    "observe_vcenter_host_connection": ("connected",),
}
VALUES = {
    "cpu": ("0", "1"), "vcpu": ("0", "1"), "vm": ("vm1",), "part": ("useful", "trap", "schedule", "isolation"), "reason": ("hlt", "io"), "signal": ("cpu", "throttled"),
    "culprit_kind": ("self", "workload", "kernel", "interrupt", "hypervisor", "idle", "unknown", "other"), "resource": ("cpu", "io"), "steal": ("known",),
    "type": ("VmMigratedEvent", "VmPoweredOnEvent"), "action": ("start", "die"), "source": ("host", "vcenter:vc1"), "power_state": ("on",), "status": ("red", "green"),
    "direction": ("read",), "outcome": ("succeeded", "unrecovered"), "to": ("red",),
}
KINDS = {"observe_context_switches_total": ("voluntary", "involuntary"), "observe_pressure_seconds_total": ("some", "full")}
TYPES = {"observe_vcenter_vm_memory_usage_bytes": ("ballooned", "swapped", "compressed"), "observe_vcenter_host_memory_usage_bytes": ("ballooned",)}
OUTCOMES = {"observe_otlp_points_total": ("accepted", "dropped"), "observe_trace_spans_total": ("accepted",), "observe_stalls_total": ("told", "host_rate"), "observe_timeline_events_total": ("accepted", "late")}
HOSTS = ({"instance": "host-a:9464"}, {"instance": "host-b:9464", "cluster": "prod"})
LEARNT = ("_events_total", "_tasks_total", "_changes_total", "container_exits_total")
RARE = (*LEARNT, "_steps_total")
FREQUENT = ("observe_timeline_events_total",)
BOUNDS = ("0.0009765625", "0.03125", "0.0625", "1", "+Inf")


def values(metric, label):
    name = metric.name
    if label == "state":
        return STATES[name]
    if label == "kind":
        return KINDS.get(name, ("wait", "throttle"))
    if label == "type" and "bytes" in name:
        return TYPES.get(name, ("guest",))
    if label == "outcome":
        return OUTCOMES.get(name, VALUES["outcome"])
    return VALUES.get(label, (label + "-1",))


def series(metrics):
    """(name, labels, kind of value) of every series."""
    for name, metric in sorted(metrics.items()):
        if name == "ALERTS" or (metric.kind == "histogram" and not metric.suffix):
            continue
        own = sorted(metric.labels - {"cluster", "job", "instance", "le", "workload", "workload_kind", "workload_id", "k8s_namespace_name", "k8s_pod_name", "k8s_container_name"})
        who = [{"workload": each, "workload_kind": "container", "workload_id": each + "-id"} for each in ("web", "db")] if "workload" in metric.labels else [{}]
        hosts = HOSTS[:1] if "vcenter" in metric.labels and "observe_host" not in name else HOSTS
        for host, workload, chosen in itertools.product(hosts, who, itertools.product(*(values(metric, label) for label in own))):
            labels = {"job": "any", **host, **workload, **dict(zip(own, chosen))}
            if metric.suffix == "_bucket":
                for place, bound in enumerate(BOUNDS):
                    yield name, {**labels, "le": bound}, metric, place + 1
            else:
                yield name, labels, metric, len(BOUNDS)


def value(name, labels, metric, rank, step):
    """A counter grows by at most what its unit allows in 30 s; a gauge stays; an info is 1; things that happen do so halfway."""
    seed = zlib.crc32(repr((metric.name, sorted((k, v) for k, v in labels.items() if k != "le"))).encode())
    if metric.kind == "info" or metric.unit in ("0 or 1", "status") or name == "observe_vcenter_status":
        return 1
    if name in ("process_start_time_seconds", "observe_cpu_quota_cores"):
        return 1 if step < 30 else 2
    if metric.kind == "gauge":
        return 0.1 + seed % 50 / 100
    if name.endswith(RARE) and name not in FREQUENT:
        return step // 20
    return (1 + seed % 20) * rank * step / 10


def openmetrics(metrics, end, step=30, steps=61):
    lines = []
    for name, labels, metric, rank in series(metrics):
        text = ",".join(f'{key}="{each}"' for key, each in labels.items())
        for place in range(steps):
            amount = value(name, labels, metric, rank, place)
            # Of what is counted by names that are learnt, a series begins when it first happens.
            if amount or not name.endswith(LEARNT):
                lines.append(f"{name}{{{text}}} {amount} {end - (steps - 1 - place) * step}")
    return "\n".join(lines) + "\n# EOF\n"
