"""Fleet: who is suffering, and why."""
from common import BLACKOUTS, CLUSTER, CONTAINERS, KILLS, MOVES, NODE, QUOTAS, SHARE, WAIT_TRACES, WORKLOAD_LINK, WORKLOAD_OF_ROW
from grafana import Dashboard, Query, Row, lines, stat, table, to_dashboard
from promql import NODE as IN, WANTED, histogram_sum, is_, like, quantile, rate, select, total, unlike

TIME = "observe_thread_time_seconds_total"
DELAY = "observe_delay_seconds_total"
WHO = ("cluster", "instance", "workload", "workload_kind")
NODE_LINK = to_dashboard("Observe itself on ${__field.labels.instance}", "observe-itself", node="${__field.labels.instance}")


def lost(*by, window):
    """Share of the wanted time that went by waiting or throttled."""
    return (f"{total(rate(TIME, IN, like('state', 'waiting|throttled'), window=window), *by)}"
            f" / ({total(rate(TIME, IN, WANTED, window=window), *by)} > 0)")


NOW = "5m"
WORST = f"topk(20, {lost(*WHO, window=NOW)})"


def of_the_worst(expression):
    return f"({expression}) and on ({', '.join(WHO)}) {WORST}"


def spent(state):
    return of_the_worst(total(rate(TIME, IN, is_("state", state), window=NOW), *WHO))

SUFFERING = Row("Who is suffering", (
    stat("Nodes", "Agents that report.", "none", Query(f"count({select('observe_build_info', IN)})", "nodes")),
    stat("Workloads", "Containers, pods, virtual machines, services and users with threads now.", "none", Query(f"count({select('observe_threads', IN)})", "workloads")),
    stat("Alerts firing", "Alerts of Observe's rules that fire now. 0 also where the rules are not loaded.", "none",
         Query('count(ALERTS{alertname=~"Observe.*",alertstate="firing",cluster=~"$cluster"}) or vector(0)', "alerts"), steps=((1, "red"),)),
    stat("Time lost", "Of the time in which threads wanted a CPU, how much they waited or were throttled; all workloads together.", "percentunit",
         Query(lost(window="$__rate_interval"), "lost"), steps=SHARE),
    stat("Longest waits", "99 of 100 waits for a CPU were as long or shorter, s; all workloads together.", "s",
         Query(quantile(0.99, "observe_runqueue_wait_seconds", IN), "p99"), steps=((0.02, "yellow"), (0.1, "red"))),
    stat("Killed for want of memory", "Processes that the kernel killed in the time shown, for their own limit's want of memory or the host's.", "none",
         Query(f"sum(increase({select('observe_oom_kills_total', IN)}[$__range]))", "kills"), steps=((1, "red"),)),
    table("Who suffers most", "The twenty workloads that lost most of the time that they wanted, in the last 5 min: their share of lost time, and seconds a second (so threads at a time) that waited, "
          "were throttled by a quota, or blocked in the kernel; the 99th percentile of waits. A row leads to the workload.", "short",
          Query(WORST, "lost", "percentunit"), Query(spent("waiting"), "waiting", "short"), Query(spent("throttled"), "throttled", "short", optional=True), Query(spent("blocked"), "blocked", "short"),
          Query(of_the_worst(quantile(0.99, "observe_runqueue_wait_seconds", IN, by=WHO, window=NOW)), "wait p99", "s"),
          width=24, height=9, columns=WHO, sort="lost", links=(WORKLOAD_OF_ROW,), steps=SHARE),
    lines("Time lost, by workload", "Share of the time in which a workload wanted a CPU that it waited or was throttled: the ten that lost most.", "percentunit",
          Query(f"topk(10, {lost('instance', 'workload', window='$__rate_interval')})", "{{workload}} on {{instance}}"), steps=SHARE, maximum=1, links=(WORKLOAD_LINK,)),
    lines("Waits, by workload", "99th percentile of waits for a CPU, s: the ten with the longest. Diamonds lead to the spans of single stalls.", "s",
          Query(f"topk(10, {quantile(0.99, 'observe_runqueue_wait_seconds', IN, by=('instance', 'workload', 'workload_id'))})", "{{workload}} on {{instance}}", exemplar=True),
          log=True, minimum=None, links=(WORKLOAD_LINK, *WAIT_TRACES)),
))


def causes(matchers):
    """
    Seconds a second in which threads were kept from running, by cause. The words are those of a stall's verdict, here of the time and not of
    single stalls: charged waits by who ran, throttled time, uninterruptible sleep.
    """
    def charged(kinds):
        """0 and not nothing, where waits are charged and none to these."""
        return f"{total(rate(DELAY, matchers, like('culprit_kind', kinds)))} or 0 * {total(rate('observe_delay_charged_seconds_total', matchers))}"
    return (
        Query(total(rate(TIME, matchers, is_("state", "throttled"))), "quota", optional=True),
        Query(charged("workload|kernel|other"), "neighbour"),
        Query(charged("self|sibling"), "self"),
        Query(charged("hypervisor"), "hypervisor"),
        Query(charged("interrupt"), "irq"),
        Query(total(rate(TIME, matchers, 'state="blocked"')), "io"),
        Query(charged("idle|unknown"), "unknown"),
    )


CAUSES_TEXT = ("Seconds a second in which threads were kept from running, by what did it: quota, throttled; neighbour, another workload or the kernel's threads ran; "
               "self, the workload's own threads or its pod's; hypervisor, stolen; irq, interrupts; io, uninterruptible sleep; unknown. Waits count from traces.thresholds.blame (1 ms) on.")

MOST = f"topk(20, sum by (instance, workload, kind, verdict) (increase({select('observe_stall_verdict_seconds_total', IN)}[$__range])) > 0)"


def of_most(expression):
    return f"({expression}) and on (instance, workload, kind, verdict) {MOST}"


WHY = Row("Why", (
    lines("Causes", CAUSES_TEXT, "short", *causes(IN), stack=True, needs=("stalls",)),
    lines("Culprits", "Seconds a second that others waited because of them: the ten that made others wait most. What a workload makes its own threads wait is left out.", "short",
          Query(f"topk(10, {total(rate(DELAY, IN, unlike('culprit_kind', 'self|idle|unknown')), 'instance', 'culprit', 'culprit_kind')})", "{{culprit}} ({{culprit_kind}}) on {{instance}}"),
          stack=True, needs=("stalls",)),
    table("Who makes whom wait", "The twenty pairs with most waited time in the time shown, s.", "s",
          Query(f"topk(20, sum by (instance, workload, culprit, culprit_kind) (increase({select(DELAY, IN, unlike('culprit_kind', 'self|idle|unknown'))}[$__range])) > 0)", "waited"),
          columns=("instance", "workload", "culprit", "culprit_kind"), sort="waited", links=(WORKLOAD_OF_ROW,), needs=("stalls",)),
    lines("Throttled periods", "Share of the enforcement periods of its CPU quota in which a workload was throttled: the ten with most.", "percentunit",
          Query(f"topk(10, {total(rate('observe_cfs_throttled_periods_total', IN), 'instance', 'workload')} / ({total(rate('observe_cfs_periods_total', IN), 'instance', 'workload')} > 0))",
                "{{workload}} on {{instance}}"), steps=SHARE, maximum=1, links=(WORKLOAD_LINK,), needs=("quota",)),
    lines("Pressure", "Share of the time in which some thread of a workload waited for a CPU, memory or a device (PSI): the ten with most.", "percentunit",
          Query(f"topk(10, {total(rate('observe_pressure_seconds_total', IN, is_('kind', 'some')), 'instance', 'workload', 'resource')})", "{{workload}}: {{resource}}"),
          maximum=1, links=(WORKLOAD_LINK,), needs=("psi",)),
    lines("Verdicts", "Seconds a second that stalls took which were told one by one, by verdict: why the threads were kept from running. A sample, as their spans are; the panel Causes has all of the time.", "short",
          Query(total(rate("observe_stall_verdict_seconds_total", IN), "verdict"), "{{verdict}}"), stack=True, needs=("verdicts",)),
    table("Verdicts, by workload", "Stalls that were told in the time shown, by workload, kind and verdict, and their length together, s: the twenty with most time.", "none",
          Query(of_most("sum by (instance, workload, kind, verdict) (increase(" + select("observe_stall_verdicts_total", IN) + "[$__range]))"), "stalls", "short"),
          Query(MOST, "time", "s"), columns=("instance", "workload", "kind", "verdict"), sort="time", links=(WORKLOAD_OF_ROW,), needs=("verdicts",)),
    lines("Stalls", "Stalls over their thresholds, a second, by kind. Each that is told has a span.", "ops",
          Query(total(rate("observe_stalls_total", IN), "kind"), "{{kind}}"), stack=True, needs=("stalls",)),
))

CPUS = f"count by (cluster, instance) (count by (cluster, instance, cpu) ({select('observe_cpu_time_seconds_total', IN)}))"

NODES = Row("Nodes", (
    lines("CPU", "What the CPUs of all nodes did, share of their time: ran threads, were idle, served interrupts, or were stolen by the hypervisor.", "percentunit",
          Query(f"{total(rate('observe_cpu_time_seconds_total', IN), 'state')} / on () group_left () {total(rate('observe_cpu_time_seconds_total', IN))}", "{{state}}"), stack=True, maximum=1),
    lines("CPU in use, by node", "Share of a node's CPU time that was not idle.", "percentunit",
          Query(f"1 - {total(rate('observe_cpu_time_seconds_total', IN, is_('state', 'idle')), 'instance')} / {total(rate('observe_cpu_time_seconds_total', IN), 'instance')}", "{{instance}}"),
          steps=((0.9, "red"),), maximum=1, links=(NODE_LINK,)),
    lines("Threads waiting per CPU", "How many threads waited for each CPU of a node, on average. More than 1: twice as many CPUs would have been in use.", "short",
          Query(f"{total(rate(TIME, IN, is_('state', 'waiting')), 'cluster', 'instance')} / {CPUS}", "{{instance}}"), steps=((0.5, "yellow"), (1, "red")), links=(NODE_LINK,)),
    lines("Stolen", "Share of a node's CPU time that its hypervisor gave to others. Only nodes that can tell: elsewhere a 0 would mean nothing.", "percentunit",
          Query(f"{total(rate('observe_cpu_time_seconds_total', IN, is_('state', 'steal')), 'instance')} / {total(rate('observe_cpu_time_seconds_total', IN), 'instance')}"
                f" and on (instance) {select('observe_host_info', is_('steal', 'known'))}", "{{instance}}"), steps=((0.02, "yellow"), (0.1, "red")), maximum=1, needs=("steal",)),
    lines("Waiting time, by node", "Seconds a second that threads waited for a CPU: as the histogram of waits adds it up, so waits that have ended.", "short",
          Query(histogram_sum("observe_runqueue_wait_seconds", IN, by=("instance",)), "{{instance}}"), stack=True, links=(NODE_LINK,)),
    lines("Context switches, by node", "Times a second that a CPU went from one thread to another.", "ops",
          Query(total(rate("observe_context_switches_total", IN), "instance", "kind"), "{{instance}} {{kind}}"), links=(NODE_LINK,)),
))

DASHBOARD = Dashboard(
    "observe-fleet", "fleet.json", "Observe / Fleet", "Who is suffering, and why: all workloads of all nodes. docs/dashboards.md",
    (CLUSTER, NODE), (SUFFERING, WHY, NODES), (MOVES, BLACKOUTS, CONTAINERS, KILLS, QUOTAS))
