"""Observe itself: whether it can be believed, and what it costs."""
from common import CLOCKS, CLUSTER, NODE, RESTARTS
from grafana import Dashboard, Query, Row, lines, stat, table
from promql import NODE as IN, counted, is_, rate, select, total, unlike

# Counted, and wanted: the limiter at work. Nothing is lost that somebody asked for.
BY_DESIGN = "stalls_below_raised_threshold|stalls_over_workload_rate|stalls_over_host_rate"
HERE = "on (cluster, job, instance)"


def of_agents(metric):
    """Of the metrics that any program may have, those of agents."""
    return f"{select(metric, IN)} and {HERE} {select('observe_build_info', IN)}"


TRUST = Row("Can it be believed", (
    stat("Agents", "Agents that are scraped.", "none", Query(f"count({select('observe_build_info', IN)})", "agents")),
    stat("Failing collectors", "Collectors whose last collection failed.", "none", Query(f"count({select('observe_collector_success', IN)} == 0) or vector(0)", "failing"), steps=((1, "red"),)),
    stat("Lost", "What was lost or could not be attributed in the time shown; what the limiter of stalls leaves out by design is not in it.", "none",
         Query(f"sum(increase({select('observe_lost_total', IN, unlike('reason', BY_DESIGN))}[$__range]))", "items"), steps=((1, "yellow"),)),
    stat("Error of the clock", "How far times may be from UTC, of the worst agent's own host, s.", "s", Query(f"max({select('observe_clock_error_seconds', IN, is_('source', 'host'))})", "error"), steps=((0.1, "yellow"), (1, "red"))),
    stat("Unexplained time", "CPU time that the ledger has failed to explain since it started, s; of the worst CPU.", "s",
         Query(f"max(abs({select('observe_ledger_residual_seconds', IN)}))", "residual"), steps=((0.1, "yellow"), (1, "red"))),
    stat("Memory", "Resident memory of the largest agent, bytes.", "bytes", Query(f"max({of_agents('process_resident_memory_bytes')})", "RSS")),
    lines("Collectors", "1: the last collection succeeded; 0: it failed, and the log and /readyz say why.", "none",
          Query(f"min by (instance, collector) ({select('observe_collector_success', IN)})", "{{collector}} on {{instance}}"), maximum=1),
    lines("Lost", "What was lost or could not be attributed, items a second, by reason. docs/troubleshooting.md has what to do about each.", "ops",
          Query(total(rate("observe_lost_total", IN), "reason"), "{{reason}}")),
    table("Lost in the time shown", "Items, by reason, where there are any: of all since the agents started, and in the time shown.", "none",
          Query(total(select("observe_lost_total", IN), "instance", "reason"), "since the start", "none"),
          Query(f"sum by (instance, reason) (increase({select('observe_lost_total', IN)}[$__range]))", "in the time shown", "none"),
          columns=("instance", "reason"), sort="in the time shown"),
    table("Versions", "Of agents, their kernels, and the libbpf that they use.", "none", Query(select("observe_build_info", IN)), columns=("cluster", "instance", "version", "kernel", "libbpf")),
))

PROBES = Row("In the kernel", (
    lines("Programs attached", "BPF programs that are attached, by agent. A program that is lost is an alert.", "none",
          Query(f"sum by (instance) ({select('observe_bpf_program_attached', IN)})", "{{instance}}")),
    lines("Their CPU time", "Share of a CPU that BPF programs took. Only counted while kernel.bpf_stats_enabled is 1.", "percentunit",
          Query(total(rate("observe_bpf_program_run_seconds_total", IN), "instance", "program"), "{{program}} on {{instance}}"), stack=True),
    lines("Time of one run", "Mean of a program's runs, s. Only while kernel.bpf_stats_enabled is 1, which itself adds some 50 ns.", "s",
          Query(f"{total(rate('observe_bpf_program_run_seconds_total', IN), 'program')} / ({total(rate('observe_bpf_program_runs_total', IN), 'program')} > 0)", "{{program}}"), needs=("bpf stats",)),
    lines("Maps in use", "Entries in use, share of what there is room for.", "percentunit",
          Query(f"max by (instance, map) ({select('observe_bpf_map_entries', IN)} / on (cluster, job, instance, map) {select('observe_bpf_map_max_entries', IN)})", "{{map}} on {{instance}}"), steps=((0.8, "yellow"), (0.95, "red")), maximum=1),
    lines("Memory of maps", "Kernel memory of BPF maps, bytes.", "bytes", Query(f"sum by (instance, map) ({select('observe_bpf_map_bytes', IN)})", "{{map}} on {{instance}}"), stack=True),
    lines("Unexplained time", "CPU time that the ledger failed to explain, s, by CPU: elapsed time less all that it accounted for.", "s",
          Query(select("observe_ledger_residual_seconds", IN), "CPU {{cpu}} on {{instance}}"), minimum=None),
))

TIME = Row("Time", (
    lines("Error", "How far times from each source may be from UTC, s.", "s", Query(f"max by (instance, source) ({select('observe_clock_error_seconds', IN)})", "{{source}} on {{instance}}"), log=True, minimum=None,
          steps=((0.1, "yellow"), (1, "red"))),
    lines("Offset", "Each source's clock less UTC, s; of the host what its discipline has still to correct.", "s", Query(f"max by (instance, source) ({select('observe_clock_offset_seconds', IN)})", "{{source}} on {{instance}}"), minimum=None),
    lines("Steps", "Times that a clock was set, in each interval.", "none", Query(total(counted("observe_clock_steps_total", IN), "instance", "source"), "{{source}} on {{instance}}"), bars=True, interval="1m"),
    lines("Timeline", "Events that were offered, a second, by source and what came of it. late is part of accepted.", "ops", Query(total(rate("observe_timeline_events_total", IN), "source", "outcome"), "{{source}} {{outcome}}"), needs=("events",)),
    lines("Waiting in the timeline", "Events that wait until none before them is expected.", "none", Query(f"max by (instance) ({select('observe_timeline_waiting', IN)})", "{{instance}}")),
    lines("Stalls", "Stalls over their configured thresholds, a second, by what became of them. All but told are left out, and counted.", "ops", Query(total(rate("observe_stalls_total", IN), "kind", "outcome"), "{{kind}} {{outcome}}"), needs=("stalls",)),
    lines("Thresholds of stalls", "From where on stalls are told, s: as configured, or higher while there are too many.", "s", Query(f"max by (instance, kind) ({select('observe_stall_threshold_seconds', IN)})", "{{kind}} on {{instance}}"), needs=("stalls",)),
    lines("Length of stalls", "Seconds a second that stalls over their configured thresholds took, by kind, told or not.", "short", Query(total(rate("observe_stall_seconds_total", IN), "kind"), "{{kind}}"), needs=("stalls",)),
))

COST = Row("What it costs", (
    lines("CPU", "Share of a CPU that the agent takes; BPF programs are in the time of whom they interrupt.", "percentunit",
          Query(f"rate({select('process_cpu_seconds_total', IN)}[$__rate_interval]) and {HERE} {select('observe_build_info', IN)}", "{{instance}}"), steps=((0.05, "yellow"),)),
    lines("Memory", "Resident memory of the agent, bytes; BPF maps are not in it.", "bytes", Query(of_agents("process_resident_memory_bytes"), "{{instance}}")),
    lines("File descriptors", "Open descriptors of the agent.", "none", Query(of_agents("process_open_fds"), "{{instance}}")),
    lines("Collections", "Duration of each collector's last collection, s.", "s", Query(f"max by (instance, collector) ({select('observe_collector_duration_seconds', IN)})", "{{collector}} on {{instance}}"), log=True, minimum=None),
    lines("Scrapes", "Duration of a scrape, as Prometheus measures it, s.", "s", Query(of_agents("scrape_duration_seconds"), "{{instance}}")),
    lines("Samples of a scrape", "Series that one scrape brings.", "none", Query(of_agents("scrape_samples_scraped"), "{{instance}}")),
))

EXPORT = Row("Sources and export", (
    lines("OTLP points", "Data points handed to the export of metrics, a second, by what became of them.", "ops", Query(total(rate("observe_otlp_points_total", IN), "outcome"), "{{outcome}}"), needs=("otlp",)),
    lines("OTLP spans", "Spans handed to the export of traces, a second, by what became of them.", "ops", Query(total(rate("observe_trace_spans_total", IN), "outcome"), "{{outcome}}"), needs=("otlp",)),
    lines("Waiting for the receiver", "Samples with times of their own, and spans, that it has not taken yet.", "none",
          Query(f"sum by (instance) ({select('observe_otlp_samples_waiting', IN)})", "samples of {{instance}}"), Query(f"sum by (instance) ({select('observe_trace_spans_waiting', IN)})", "spans of {{instance}}", optional=True), needs=("otlp",)),
    lines("Failures of the export", "A second, by reason.", "ops", Query(total(rate("observe_otlp_failures_total", IN), "reason"), "metrics: {{reason}}", optional=True), Query(total(rate("observe_trace_failures_total", IN), "reason"), "traces: {{reason}}", optional=True),
          needs=("otlp failure",)),
    lines("Container engine", "Requests a second, by what was asked and whether it was answered.", "ops", Query(total(rate("observe_docker_requests_total", IN), "request", "outcome"), "{{request}} {{outcome}}"), needs=("docker",)),
    lines("Kubernetes API server", "Requests a second, by verb and status.", "ops", Query(total(rate("observe_kubernetes_requests_total", IN), "verb", "code"), "{{verb}} {{code}}"), needs=("kubernetes",)),
    lines("vCenters", "Requests a second, by what came of them.", "ops", Query(total(rate("observe_vcenter_api_requests_total", IN), "vcenter", "outcome"), "{{vcenter}} {{outcome}}"), needs=("vcenter",)),
    lines("Age of vCenters' samples", "Age of the newest sample of half of the things at the end of the last round, s.", "s", Query(f"max by (vcenter) ({select('observe_vcenter_performance_sample_age_seconds', IN)})", "{{vcenter}}"),
          steps=((60, "yellow"), (120, "red")), needs=("vcenter samples",)),
))

DASHBOARD = Dashboard(
    "observe-itself", "observe-itself.json", "Observe / Observe itself", "Whether its numbers can be believed, and what they cost. docs/dashboards.md",
    (CLUSTER, NODE), (TRUST, PROBES, TIME, COST, EXPORT), (RESTARTS, CLOCKS))
