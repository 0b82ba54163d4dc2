"""Alerts on Observe itself: whether it sees, and whether what it says can be believed."""
from rules import AGENT, Alert, Group, RuleFile

# Reasons that say that something was delayed, decided early or left out by design, or that concern single short-lived things. All others are losses.
HARMLESS = ("stalls_below_raised_threshold|stalls_over_workload_rate|stalls_over_host_rate|timeline_hurried|trace_decided_early|exemplar_dropped"
            "|ledger_switch_unseen|ledger_wait_clamped|ledger_wait_unknown|ledger_read_torn|kvm_read_torn|ledger_throttle_rebased|stall_verdict_dropped")

BLIND = Group("observe.agent.alerts", "An agent that does not see is worse than none: its graphs are flat. An agent is known by observe_build_info, whatever the job is called.", (
    Alert("ObserveAgentDown", "critical", f"""
        up == 0
          and on ({AGENT}) present_over_time(observe_build_info[6h])""", "5m",
          "The agent on {{ $labels.instance }} does not answer",
          "Nothing is known of this host since. What it counted goes on when it is back, unless it was started anew.",
          "systemctl status observe, or kubectl describe pod: it was stopped, killed, or the network is cut."),
    Alert("ObserveNoAgents", "critical", "absent(observe_build_info)", "10m",
          "No agent is scraped",
          "Prometheus has no series of any agent: all are down, none was ever scraped, or the scrape configuration lost them. Every other alert of Observe is silent.",
          "Look at Status > Targets of Prometheus."),
    Alert("ObserveProbeLost", "critical", f"""
        (
          count by ({AGENT}, program, hook) (present_over_time(observe_bpf_program_attached[1h]))
            unless count by ({AGENT}, program, hook) (observe_bpf_program_attached == 1)
        )
          and on ({AGENT}) observe_build_info""", "5m",
          "{{ $labels.program }} is not attached to {{ $labels.hook }} on {{ $labels.instance }} any more",
          "A probe that was there within the last hour is gone: what it counted stands still, or is absent.",
          "curl http://HOST:9464/readyz on the host: the row of the ledger, or kvm exits, says why, and what to do. One hour after the loss this alert ends by itself; ObserveCollectorFailing goes on."),
    Alert("ObserveCollectorFailing", "warning", "observe_collector_success == 0", "10m",
          "The collector {{ $labels.collector }} on {{ $labels.instance }} fails",
          "Each of its collections has failed for 10 minutes: its metrics are absent, or old.",
          "The agent's log, and /readyz on the host, say why, and what to do."),
    Alert("ObserveDataLost", "warning", f"""
        sum by ({AGENT}, reason) (increase(observe_lost_total{{reason!~"{HARMLESS}"}}[10m])) > 0""", "10m",
          "The agent on {{ $labels.instance }} loses data: {{ $value | humanize }} in 10 minutes for the reason {{ $labels.reason }}",
          "A bound was hit, or something could not be attributed, again and again. Sums that this touches are too small.",
          "docs/troubleshooting.md has a row for each reason, with its remedy."),
    Alert("ObserveVCenterStale", "warning", """
        observe_vcenter_performance_sample_age_seconds > 180
          or (time() - observe_vcenter_inventory_last_heard_timestamp_seconds) > 300""", "10m",
          "What is known of vCenter {{ $labels.vcenter }} is {{ $value | humanizeDuration }} old",
          "The vCenter does not answer, or not in time: its machines' numbers are old, or gone. Samples of the last hour are fetched when it is back.",
          "/readyz of the agent that follows it: the rows 'vcenter NAME' say why, docs/vcenter.md what to do."),
    Alert("ObserveEventsMissed", "warning", "increase(observe_vcenter_events_missed_total[30m]) > 0", "0m",
          "Up to {{ $value | humanize }} events of vCenter {{ $labels.vcenter }} were never read",
          "The vCenter had removed them before they were read: the agent was away for longer than it keeps events.",
          "Keep the agent running, or raise the vCenter's event.maxAge. What was missed is in the vCenter's own log only."),
    Alert("ObserveExportFailing", "warning", f"""
        (
          sum by ({AGENT}) (increase(observe_otlp_points_total{{outcome=~"dropped|rejected"}}[10m]))
            or sum by ({AGENT}) (increase(observe_trace_spans_total{{outcome=~"dropped|rejected"}}[10m]))
        ) > 0""", "10m",
          "The OTLP receiver of {{ $labels.instance }} does not take what it is sent: {{ $value | humanize }} points or spans were lost in 10 minutes",
          "It refuses them, or was away for longer than they are kept. What is scraped is not affected.",
          "observe_otlp_failures_total and observe_trace_failures_total have the reason, docs/troubleshooting.md its remedy."),
))

BELIEF = Group("observe.belief.alerts", "Numbers that are there, and may be wrong.", (
    Alert("ObserveClockError", "warning", "observe_clock_error_seconds > 1", "15m",
          "Times of {{ $labels.source }} as {{ $labels.instance }} knows them may be wrong by {{ $value | humanizeDuration }}",
          "No order is claimed between events within that bound of one another, so traces fall apart into spans that are linked and not nested. Durations are not affected.",
          "host: start chrony, or see why it does not synchronise (chronyc tracking). vcenter:NAME: its clock drifts or is set, or answers take very long."),
    Alert("ObserveClockStepping", "warning", "increase(observe_clock_steps_total[1h]) > 3", "0m",
          "The clock of {{ $labels.source }} was set {{ $value | humanize }} times within an hour, as {{ $labels.instance }} sees it",
          "Two programs set it against each other, or the machine is suspended again and again. What lies around a step has wide bounds.",
          "One time service a host: disable the others, and the hypervisor's own synchronisation."),
    Alert("ObserveLedgerUnbalanced", "warning", "abs(delta(observe_ledger_residual_seconds[30m])) > 1", "10m",
          "The ledger of CPU {{ $labels.cpu }} on {{ $labels.instance }} fails to explain {{ $value | humanizeDuration }} of the last half hour",
          "Time that passed and the time that was accounted for must agree to a few ms: something switches threads unseen, or the account has a defect.",
          "Look at 'Lost' in the dashboard Observe itself; report it with the kernel's release."),
))

FILE = RuleFile("agent.yaml", "Observe itself: blind, losing, or not to be believed. docs/alerts.md says how to change and to silence them.", (BLIND, BELIEF))
