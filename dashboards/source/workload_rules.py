"""Alerts on workloads: a quota that starves, a neighbour that takes."""
from rules import AGENT, Alert, Group, Record, RuleFile

WHO = f"{AGENT}, workload, workload_kind, workload_id, k8s_namespace_name, k8s_pod_name, k8s_container_name"
TIME = "observe_thread_time_seconds_total"


def of_wanted(state):
    """Share of the time in which a workload wanted a CPU that went by in a state."""
    return f"""
        sum by ({WHO}) (rate({TIME}{{state="{state}"}}[5m]))
          / (sum by ({WHO}) (rate({TIME}{{state=~"running|irq|steal|waiting|throttled"}}[5m])) > 0)"""


RECORDS = Group("observe.workloads", "Shares of the time in which a workload's threads wanted a CPU, and how much that was, in seconds a second.", (
    Record("workload:observe_wanted:rate5m", f"""
        sum by ({WHO}) (rate({TIME}{{state=~"running|irq|steal|waiting|throttled"}}[5m]))"""),
    Record("workload:observe_waiting:share5m", of_wanted("waiting")),
    Record("workload:observe_throttled:share5m", of_wanted("throttled")),
    Record("workload:observe_throttled_periods:share5m", f"""
        sum by ({WHO}) (rate(observe_cfs_throttled_periods_total[5m]))
          / (sum by ({WHO}) (rate(observe_cfs_periods_total[5m])) > 0)""", "Share of the quota's enforcement periods in which it was throttled, as its cgroup's own files count them."),
    Record("workload:observe_delay_by_culprit:share5m", f"""
        sum by ({WHO}, culprit, culprit_kind, culprit_id) (rate(observe_delay_seconds_total{{culprit_kind=~"workload|kernel"}}[5m]))
          / on ({WHO}) group_left ()
        (workload:observe_wanted:rate5m > 0)""", "What others' running cost it. Its own threads, its pod's, idle CPUs and what is unknown are not others."),
))

# 0.02: two hundredths of a CPU wanted. Less than that nobody feels, whatever its shares are.
NAMED = '{{ with $labels.k8s_namespace_name }}{{ . }}/{{ end }}{{ $labels.workload }} on {{ $labels.instance }}'
STARVED = "Its threads were ready to run, and its CPU quota, or one above it, kept them off: requests take that much longer, and timeouts and health checks may fail, while CPUs may be idle."

ALERTS = Group("observe.workloads.alerts", "Both thresholds are of time that was really lost. A quota that throttles a batch job as intended is excluded by its labels: see the runbooks.", (
    Alert("ObserveQuotaStarvation", "warning", """
        workload:observe_throttled:share5m > 0.25
          and workload:observe_throttled:share5m <= 0.6
          and workload:observe_wanted:rate5m > 0.02""", "10m",
          "A CPU quota keeps " + NAMED + " off the CPU for {{ $value | humanizePercentage }} of the time that it wants one",
          STARVED, "Raise the quota to what the table 'Advice on CPU quotas' of the dashboard Workload says, or run fewer threads."),
    Alert("ObserveQuotaStarvation", "critical", """
        workload:observe_throttled:share5m > 0.6
          and workload:observe_wanted:rate5m > 0.02""", "5m",
          "A CPU quota keeps " + NAMED + " off the CPU for {{ $value | humanizePercentage }} of the time that it wants one",
          STARVED, "Raise the quota now: it has less than half of what it wants."),
    Alert("ObserveNoisyNeighbour", "warning", """
        workload:observe_delay_by_culprit:share5m > 0.1
          and on (cluster, job, instance, workload_kind, workload_id)
        workload:observe_wanted:rate5m > 0.02""", "10m",
          NAMED + " waits {{ $value | humanizePercentage }} of the time that it wants a CPU for {{ $labels.culprit }} ({{ $labels.culprit_kind }})",
          "The culprit's threads had the CPU while this workload's were ready to run; each such wait of 1 ms or more was put down to who ran meanwhile.",
          "Give the victim a larger weight or CPUs of its own, the culprit a quota, or move one of the two."),
))

FILE = RuleFile("workloads.yaml", "Workloads: starved by a quota, or held up by a neighbour. docs/alerts.md says how to change and to silence them.", (RECORDS, ALERTS))
