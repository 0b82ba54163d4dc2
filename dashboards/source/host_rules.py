"""Alerts on hosts: too much on too few CPUs, as seen from above, from beneath and from inside; moves that went badly."""
from rules import AGENT, Alert, Group, Record, RuleFile

VCPU = "observe_vcpu_time_seconds_total"

RECORDS = Group("observe.hosts", "How crowded CPUs are.", (
    Record("instance:observe_cpu_busy:share5m", f"""
        1 - sum by ({AGENT}) (rate(observe_cpu_time_seconds_total{{state="idle"}}[5m]))
          / sum by ({AGENT}) (rate(observe_cpu_time_seconds_total[5m]))"""),
    Record("instance:observe_cpu_waiting:per_cpu5m", f"""
        sum by ({AGENT}) (rate(observe_thread_time_seconds_total{{state="waiting"}}[5m]))
          / count by ({AGENT}) (count by ({AGENT}, cpu) (observe_cpu_time_seconds_total))""", "Threads that wait for each CPU, on average."),
    Record("instance:observe_cpu_stolen:share5m", f"""
        sum by ({AGENT}) (rate(observe_cpu_time_seconds_total{{state="steal"}}[5m]))
          / sum by ({AGENT}) (rate(observe_cpu_time_seconds_total[5m]))
          and on ({AGENT}) observe_host_info{{steal="known"}}""", "Only where a 0 means that nothing was stolen."),
    Record("vm:observe_vcpu_ready:share5m", f"""
        avg by ({AGENT}, workload, workload_id, vm) (
          sum by ({AGENT}, workload, workload_id, vm, vcpu) (rate({VCPU}{{state="waiting"}}[5m])))""", "Of one vCPU: vSphere's ready without maxlimited."),
))

CROWDED = "More threads want CPUs than there are, so everything on the host is slower, whatever its own limits are."

ALERTS = Group("observe.hosts.alerts", "", (
    Alert("ObserveHostOvercommitted", "warning", """
        instance:observe_cpu_waiting:per_cpu5m > 1
          and instance:observe_cpu_busy:share5m > 0.8""", "15m",
          "{{ $value | humanize }} threads wait for each CPU of {{ $labels.instance }}",
          CROWDED, "The dashboard Fleet names who runs (Culprits) and who waits; move or limit the largest."),
    Alert("ObserveVcpuReady", "warning", "vm:observe_vcpu_ready:share5m > 0.1", "15m",
          "The vCPUs of {{ $labels.vm }} on {{ $labels.instance }} wait for a CPU {{ $value | humanizePercentage }} of the time",
          "The guest believes that it runs, and does not: its timers, locks and interrupts are late by as much.",
          "Fewer vCPUs on the host, fewer vCPUs in the machine, or CPUs of its own; the dashboard Virtual machines has the account of each vCPU."),
    Alert("ObserveVsphereReady", "warning", "avg_over_time(observe_vcenter_vm_cpu_ready_ratio[10m]) > 0.1", "10m",
          "The vCPUs of {{ $labels.vcenter_vm_name }} in {{ $labels.vcenter }} were ready and not run {{ $value | humanizePercentage }} of the time",
          "Its ESXi host has not enough CPU for what runs on it, or a limit holds the machine back (maxlimited).",
          "See the dashboard vCenter: 'Why they did not run' tells the two apart. Move machines, lift the limit, or give the machine fewer vCPUs."),
    Alert("ObserveGuestStolen", "warning", "instance:observe_cpu_stolen:share5m > 0.1", "15m",
          "The hypervisor gives {{ $value | humanizePercentage }} of the CPU time of {{ $labels.instance }} to others",
          "This host is a virtual machine that is ready and not run: nothing inside it can mend that.",
          "Ask whoever runs the hypervisor for more, or move the machine; if its vCenter is watched, the dashboard vCenter shows the contention there."),
))

MIGRATIONS = Group("observe.migrations.alerts", "Recovery is judged by the agent inside the virtual machine: docs/migrations.md.", (
    Alert("ObserveMigrationNotRecovered", "warning", 'increase(observe_migrations_total{outcome="unrecovered"}[30m]) > 0', "0m",
          "{{ $labels.instance }} was moved to another host, and its threads wait longer since",
          "Five minutes after a migration threads of this virtual machine still waited longer for CPUs than before it: the host that it was moved to is fuller, slower, or further away from its memory.",
          "Compare the two hosts in the dashboard vCenter; move it back, or on."),
))

FILE = RuleFile("hosts.yaml", "Hosts and virtual machines: overcommitted, ready and not run, moved and not recovered. docs/alerts.md says how to change and to silence them.",
                (RECORDS, ALERTS, MIGRATIONS))
