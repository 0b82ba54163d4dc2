"""Workload: where its time went, how it waited, who made it wait, what its limits do."""
from common import BLACKOUTS, CLUSTER, CONTAINERS, KILLS, MOVES, NODE, QUOTAS, SHARE, THROTTLE_TRACES, WAIT_TRACES, WORKLOAD
from fleet import CAUSES_TEXT, causes
from grafana import Dashboard, Query, Row, heatmap, lines, stat, table
from promql import WANTED, WORKLOAD as IN, above, counted, happened, heat, is_, like, quantile, rate, select, total

TIME = "observe_thread_time_seconds_total"
DELAY = "observe_delay_seconds_total"
WAIT = "observe_runqueue_wait_seconds"
THROTTLE = "observe_throttle_seconds"
WHO = ("instance", "workload", "workload_kind", "workload_id")
LONG = 2 ** -5


def share(matchers, *states):
    wanted = ",".join(states)
    return f"{total(rate(TIME, matchers, wanted), 'state')} / on () group_left () ({total(rate(TIME, matchers, wanted))} > 0)"


LEDGER = Row("The ledger: where the time went", (
    lines("All time", "Time of all threads by state, share: the states add up to 100 %. Running is on a CPU; irq and steal were taken out of that by interrupts and the hypervisor; waiting is runnable, "
          "and the CPU was not free; throttled is runnable, and a quota forbade it; blocked is uninterruptible; the rest sleeps.", "percentunit", Query(share(IN), "{{state}}"), stack=True, maximum=1),
    lines("Time that it wanted", "The same without sleep and blocking: of the time in which threads wanted a CPU, how much they had, and what took the rest.", "percentunit",
          Query(share(IN, WANTED), "{{state}}"), stack=True, maximum=1),
    lines("Threads by state", "Seconds a second in each state but sleep: so many threads at a time, on average.", "short",
          Query(total(rate(TIME, IN, 'state!="sleeping"'), "state"), "{{state}}"), stack=True),
    lines("Threads", "Threads that the workload has.", "short", Query(total(select("observe_threads", IN), "workload", "instance"), "{{workload}} on {{instance}}")),
    lines("Context switches", "Times a second that a thread left a CPU: it gave it up (voluntary), or was taken off (involuntary).", "ops",
          Query(total(rate("observe_context_switches_total", IN), "kind"), "{{kind}}")),
    lines("CPU migrations", "Times a second that a thread came back on another CPU than it left.", "ops",
          Query(total(rate("observe_cpu_migrations_total", IN), "workload", "instance"), "{{workload}} on {{instance}}")),
))

WAITING = Row("How it waited", (
    heatmap("Waits for a CPU", "How many waits a second of which length, s; waits by quota are not in it. Diamonds lead to the spans of single stalls.", "s", *heat(WAIT, IN)),
    heatmap("Throttled spells", "How many spells a second in which a CPU quota kept a thread off, of which length, s.", "s", *heat(THROTTLE, IN), needs=("quota",)),
    lines("Waits for a CPU, percentiles", "50, 90, 99 and 99.9 of 100 waits were as long or shorter, s.", "s",
          *(Query(quantile(q, WAIT, IN), f"p{100 * q:g}", exemplar=q == 0.99) for q in (0.5, 0.9, 0.99, 0.999)), log=True, minimum=None),
    lines("Waits for a CPU, by workload", "99th percentile, s. The links search the spans of the workload's stalls.", "s",
          Query(quantile(0.99, WAIT, IN, by=WHO), "{{workload}} on {{instance}}"), log=True, minimum=None, links=WAIT_TRACES),
    lines("Long waits", f"Share of the waits that took longer than {1000 * LONG:g} ms: what the objective of the alerts is about.", "percentunit",
          Query(above(LONG, WAIT, IN, by=("workload", "instance")), "{{workload}} on {{instance}}"), steps=((0.01, "red"),), maximum=1),
    lines("Throttled spells, percentiles", "99th percentile by workload, s. The links search the spans of its throttled spells.", "s",
          Query(quantile(0.99, THROTTLE, IN, by=WHO), "{{workload}} on {{instance}}", exemplar=True), links=THROTTLE_TRACES, needs=("quota",)),
))

WHY = Row("Who and why", (
    lines("Causes", CAUSES_TEXT, "short", *causes(IN), stack=True, needs=("stalls",)),
    lines("Culprits", "Seconds a second that it waited, by who ran meanwhile. self: its own threads; idle: nobody ran; unknown: not known who; other: without a name here.", "short",
          Query(total(rate(DELAY, IN), "culprit", "culprit_kind"), "{{culprit}} ({{culprit_kind}})"), stack=True, needs=("stalls",)),
    lines("Verdicts", "Stalls a second that were told one by one, by verdict: why its threads were kept from running. Each has a span.", "ops",
          Query(total(rate("observe_stall_verdicts_total", IN), "verdict"), "{{verdict}}"), stack=True, needs=("verdicts",)),
    lines("Length of stalls, by verdict", "Seconds a second that those stalls took, by kind and verdict. A sample, as their spans are; the panel Causes has all of the time.", "short",
          Query(total(rate("observe_stall_verdict_seconds_total", IN), "kind", "verdict"), "{{kind}}: {{verdict}}"), stack=True, needs=("verdicts",)),
    table("Culprits in the time shown", "What each made it wait in all, s, and the share of all that was put down to somebody.", "s",
          Query(f"sum by (culprit, culprit_kind) (increase({select(DELAY, IN)}[$__range]))", "waited", "s"),
          Query(f"sum by (culprit, culprit_kind) (increase({select(DELAY, IN)}[$__range])) / on () group_left () (sum(increase({select('observe_delay_charged_seconds_total', IN)}[$__range])) > 0)",
                "share", "percentunit"),
          columns=("culprit", "culprit_kind"), sort="waited", needs=("stalls",)),
    lines("Pressure", "Share of the time in which some, or all, of its threads waited for a CPU, memory or a device (PSI).", "percentunit",
          Query(total(rate("observe_pressure_seconds_total", IN), "resource", "kind"), "{{resource}}, {{kind}}"), needs=("psi",)),
    lines("Charged", "Share of the time that it waited which is put down to somebody. The rest are waits shorter than traces.thresholds.blame (1 ms).", "percentunit",
          Query(f"{total(rate('observe_delay_charged_seconds_total', IN))} / ({total(rate(TIME, IN, is_('state', 'waiting')))} > 0)", "charged"), needs=("stalls",)),
    lines("Killed for want of memory", "Processes that the kernel killed, in each interval.", "none",
          Query(total(counted("observe_oom_kills_total", IN), "workload", "instance"), "{{workload}} on {{instance}}"), bars=True, interval="1m"),
))

USED = total(rate(TIME, IN, 'state=~"running|irq"'), *WHO)
QUOTA = f"max by ({', '.join(WHO)}) ({select('observe_cpu_quota_cores', IN)})"


def most(states, q="0.99"):
    """What was reached in all but 1 of 100 minutes of the time shown."""
    return f"quantile_over_time({q}, (sum by ({', '.join(WHO)}) (rate({select(TIME, IN, like('state', states))}[5m])))[$__range:1m])"


# Of those that have ended meanwhile, the last.
LAST_QUOTA = f"max by ({', '.join(WHO)}) (last_over_time({select('observe_cpu_quota_cores', IN)}[$__range]))"
FIT = f"{LAST_QUOTA} / ({most('running|irq|throttled')} > 0)"
MEMORY = f"max by (instance, workload) (max_over_time({select('container_memory_percent', IN)}[$__range]))"

LIMITS = Row("Limits, and what they should be", (
    lines("Quota and use", "CPUs: what the quota allows, what was used, and what was wanted (used, and the threads that it kept off). Where wanted is above the quota, it costs time.", "short",
          Query(QUOTA, "{{workload}}: quota"), Query(USED, "{{workload}}: used"),
          Query(total(rate(TIME, IN, 'state=~"running|irq|throttled"'), *WHO), "{{workload}}: wanted"), needs=("quota",)),
    lines("Throttled periods", "Share of the quota's enforcement periods in which it was throttled, as its cgroup's own files count them.", "percentunit",
          Query(f"{total(rate('observe_cfs_throttled_periods_total', IN), 'workload', 'instance')} / ({total(rate('observe_cfs_periods_total', IN), 'workload', 'instance')} > 0)",
                "{{workload}} on {{instance}}"), steps=SHARE, maximum=1, needs=("quota",)),
    table("Advice on CPU quotas", "In all but 1 of 100 minutes of the time shown it used and wanted at most so many CPUs. Quota / wanted says what to do: below 1 raise the quota to what was wanted; above 3 it may be "
          "lowered to that; threads that were kept off together count each, so wanted is what all of them at once would have taken.", "short",
          Query(LAST_QUOTA, "quota", "short"), Query(most("running|irq"), "used", "short"), Query(most("running|irq|throttled"), "wanted", "short"),
          Query(FIT, "quota / wanted", "short"),
          Query(FIT, "advice", "short", words=((None, 1, "raise it", "red"), (1, 3, "fits", "green"), (3, None, "may be lowered", "blue"))),
          columns=WHO, sort="wanted", needs=("quota",), width=24,
          height=7),
    table("Advice on memory limits", "Share of its limit that a container used at most in the time shown, as its engine counts it, and how often processes were killed. From 90 % on raise the limit; below 30 % it may be lowered.", "percent",
          Query(MEMORY, "most used", "percent"),
          Query(MEMORY, "advice", "percent", words=((None, 30, "may be lowered", "blue"), (30, 90, "fits", "green"), (90, None, "raise it", "red"))),
          Query(f"max by (instance, workload) (last_over_time({select('container_memory_usage_limit_bytes', IN)}[$__range]))", "limit", "bytes"),
          Query(f"sum by (instance, workload) (increase({select('observe_oom_kills_total', IN, is_('workload_kind', 'container'))}[$__range]))", "kills", "none"),
          columns=("instance", "workload"), sort="most used", needs=("docker",)),
    stat("Ledger / engine", "What the ledger counted over what the container engine did, in the same time: 1 if they agree. CPU time, and throttled time.", "none",
         Query(f"avg by (signal) ({select('observe_crosscheck_ratio', IN)})", "{{signal}}"), minimum=None, width=6, height=8, needs=("docker",)),
    stat("Burst", "CPU time that the workload may save up and spend above its quota, s; and the length of the quota's period, s.", "s",
         Query(f"max({select('observe_cpu_quota_burst_seconds', IN)})", "burst", optional=True), Query(f"max({select('observe_cpu_quota_period_seconds', IN)})", "period"),
         width=6, height=8, needs=("quota",)),
))

CONTAINER = Row("What the container engine says", (
    lines("CPU", "Percent of one CPU, as docker stats shows it.", "percent", Query(total(select("container_cpu_utilization_percent", IN), "workload", "instance"), "{{workload}} on {{instance}}"), needs=("docker",)),
    lines("Memory", "Without inactive file cache, as docker stats shows it, bytes.", "bytes",
          Query(total(select("container_memory_usage_total_bytes", IN), "workload", "instance"), "{{workload}} on {{instance}}"), needs=("docker",)),
    lines("Network", "Bytes a second received and, below zero, sent.", "Bps",
          Query(total(rate("container_network_io_usage_rx_bytes_total", IN), "workload"), "{{workload}} received"),
          Query("-" + total(rate("container_network_io_usage_tx_bytes_total", IN), "workload"), "{{workload}} sent"), minimum=None, needs=("docker", "container network")),
    lines("Devices", "Bytes a second read from and written to devices.", "Bps",
          Query(total(rate("container_blockio_io_service_bytes_recursive_total", IN), "workload", "operation"), "{{workload}} {{operation}}"), needs=("docker", "container devices")),
    lines("Ends and restarts", "Times that a container ended, by what it returned, and that the engine restarted it, in each interval.", "none",
          Query(total(happened("observe_container_exits_total", IN), "workload", "exit_code"), "{{workload}} ended with {{exit_code}}", optional=True),
          Query(total(counted("container_restarts_total", IN), "workload"), "{{workload}} restarted", optional=True), bars=True, interval="1m", needs=("docker",)),
    table("Who it is", "Identity of the workloads shown.", "none", Query(select("observe_workload_info", IN)), columns=WHO),
))

DASHBOARD = Dashboard(
    "observe-workload", "workload.json", "Observe / Workload", "One workload, or several together: where its time went, who made it wait, what its limits do. docs/dashboards.md",
    (CLUSTER, NODE, WORKLOAD), (LEDGER, WAITING, WHY, LIMITS, CONTAINER), (MOVES, BLACKOUTS, CONTAINERS, KILLS, QUOTAS))
