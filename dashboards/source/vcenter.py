"""vCenter: what happens there, what it costs its machines, and how contended it is."""
from common import CLUSTER, MOVES, POWER
from grafana import Dashboard, Query, Row, Variable, heatmap, lines, stat, table
from promql import counted, happened, heat, is_, like, quantile, rate, select, total, unlike

VCENTER = Variable("vcenter", "vCenter", "As the agent's configuration names it", 'label_values(observe_vcenter_api_sessions{cluster=~"$cluster"}, vcenter)')
HOST = Variable("esx", "ESXi host", "", 'label_values(observe_vcenter_host_info{cluster=~"$cluster",vcenter=~"$vcenter"}, vcenter_host_name)')
VM = Variable("vsphere", "Virtual machine", "", 'label_values(observe_vcenter_vm_info{cluster=~"$cluster",vcenter=~"$vcenter"}, vcenter_vm_name)')

IN = 'cluster=~"$cluster",vcenter=~"$vcenter"'
IN_VM = IN + ',vcenter_vm_name=~"$vsphere"'
IN_HOST = IN + ',vcenter_host_name=~"$esx"'
GUESTS = 'cluster=~"$cluster"'
NEEDS = ("vcenter",)
MIGRATION = "observe_vcenter_migration_seconds"
VM_TIME = "observe_vcenter_vm_cpu_time_seconds_total"
CONTENDED = ((0.05, "yellow"), (0.1, "red"))
TEN_VMS = ("vcenter", "vcenter_vm_name")


def worst(metric, *matchers, by=TEN_VMS):
    return f"topk(10, max by ({', '.join(by)}) ({select(metric, *matchers)}))"


STATE = Row("How it stands", (
    stat("Hosts", "ESXi hosts that are connected.", "none", Query(f"sum({select('observe_vcenter_host_connection', IN_HOST, is_('state', 'connected'))})", "hosts"), needs=NEEDS),
    stat("Machines", "Virtual machines that are on.", "none", Query(f"sum({select('observe_vcenter_vm_power', IN_VM, is_('power_state', 'on'))})", "on"), needs=NEEDS),
    stat("In trouble", "Things whose overall status is red or yellow.", "none",
         Query(f"sum({select('observe_vcenter_status', IN, like('status', 'red|yellow'))}) or vector(0)", "things"), steps=((1, "yellow"),), needs=NEEDS),
    stat("Alarms", "Alarms that are triggered.", "none", Query(f"sum({select('observe_vcenter_alarms', IN)}) or vector(0)", "alarms"), steps=((1, "red"),), needs=NEEDS),
    stat("Contention", "The machine that could run least because of others: share of its time.", "percentunit",
         Query(f"max({select('observe_vcenter_vm_cpu_latency_ratio', IN_VM)})", "latency"), steps=CONTENDED, needs=("vcenter samples",)),
    stat("Delay of events", "99 of 100 events were delivered within this time, s, in the last hour.", "s", Query(quantile(0.99, "observe_vcenter_event_lag_seconds", IN, window="1h"), "p99"), needs=("vcenter events",)),
))

HAPPENED = Row("What happened", (
    lines("Events", "Events of the vCenter, in each interval, by type.", "none", Query(total(happened("observe_vcenter_events_total", IN), "type"), "{{type}}"), bars=True, stack=True, interval="1m", needs=("vcenter events",)),
    lines("Tasks", "Tasks that ended, in each interval, by what they did and whether it was done.", "none",
          Query(total(happened("observe_vcenter_tasks_total", IN), "descriptor", "outcome"), "{{descriptor}} {{outcome}}"), bars=True, stack=True, interval="1m", needs=("vcenter tasks",)),
    lines("Alarms", "Changes of alarms, in each interval, by the status that they came to.", "none",
          Query(total(happened("observe_vcenter_alarm_changes_total", IN), "to"), "{{to}}"), bars=True, stack=True, interval="1m", needs=("vcenter alarms",)),
    table("Events in the time shown", "The thirty most frequent types.", "none",
          Query(f"topk(30, {total(happened('observe_vcenter_events_total', IN, window='$__range'), 'vcenter', 'type')})", "events"),
          columns=("vcenter", "type"), sort="events", needs=("vcenter events",)),
))

MOVING = Row("Migrations", (
    lines("Migrations", "Migrations of virtual machines that ended, in each interval, by how: as the vCenter tells of them.", "none",
          Query(f"{total(counted(MIGRATION + '_count', IN), 'vcenter', 'outcome')} or histogram_count(sum by (vcenter, outcome) (increase({select(MIGRATION, IN)}[$__interval])))", "{{vcenter}} {{outcome}}"),
          bars=True, stack=True, interval="1m", needs=("migration",)),
    lines("Duration", "From the first to the last event of a migration, s: the median and the longest but 1 of 20.", "s",
          *(Query(quantile(q, MIGRATION, IN, by=("outcome",), window="1h"), f"{{{{outcome}}}} p{100 * q:g}") for q in (0.5, 0.95)), needs=("migration",)),
    heatmap("Durations", "How many migrations a second took how long, s.", "s", *heat(MIGRATION, IN), needs=("migration",)),
    lines("What became of them", "Migrations of the virtual machines that agents run in, in each interval: whether their threads' waits came back to what they were before within five minutes.", "none",
          Query(total(counted("observe_migrations_total", GUESTS), "instance", "outcome"), "{{instance}}: {{outcome}}"), bars=True, stack=True, interval="1m", needs=("guest",)),
    lines("Interruption", "How long each virtual machine that an agent runs in stood still in its last migration, s; 0 if for less than 50 ms. And the mean of all its migrations.", "s",
          Query(f"max by (instance) ({select('observe_migration_interruption_seconds', GUESTS)})", "{{instance}}: last"),
          Query(f"sum by (instance) ({select('observe_migration_interrupted_seconds_total', GUESTS)}) / (sum by (instance) ({select('observe_migrations_total', GUESTS)}) > 0)", "{{instance}}: mean"),
          needs=("guest migration",)),
    lines("Recovery", "From the end of the last migration's blackout until the virtual machine's threads waited as before it, s. Nothing is shown of one that did not recover within five minutes.", "s",
          Query(f"max by (instance) ({select('observe_migration_recovery_seconds', GUESTS)})", "{{instance}}"), needs=("guest recovery",)),
    lines("Standing still", "Share of the time that virtual machines with an agent stood still, all of them at once, migrations included: in blackouts of 50 ms or longer, as the guest finds out.", "percentunit",
          Query(total(rate("observe_guest_blackout_seconds_total", GUESTS), "instance", "sign"), "{{instance}}: {{sign}}"), needs=("guest",)),
))

CONTENTION = Row("Contention", (
    lines("CPU latency", "Share of its time in which a machine could not run because of others (ready, co-stop, swap-wait, hyper-threading, frequency): the ten worst.", "percentunit",
          Query(worst("observe_vcenter_vm_cpu_latency_ratio", IN_VM), "{{vcenter_vm_name}}"), steps=CONTENDED, needs=("vcenter samples",)),
    lines("Ready", "Share of a vCPU's time ready and not run: the ten worst machines.", "percentunit",
          Query(worst("observe_vcenter_vm_cpu_ready_ratio", IN_VM), "{{vcenter_vm_name}}"), steps=CONTENDED, needs=("vcenter samples",)),
    lines("Why they did not run", "Seconds a second, of all vCPUs of the machines chosen: ready for a CPU, waiting for each other (costop), for swapped memory (swapwait), held back by a limit (maxlimited, part of ready).", "short",
          Query(total(rate(VM_TIME, IN_VM, like("state", "ready|costop|swapwait|maxlimited")), "state"), "{{state}}"), needs=("vcenter samples",)),
    lines("Memory latency", "Share of its time in which a machine waited for memory that was swapped or compressed: the ten worst.", "percentunit",
          Query(worst("observe_vcenter_vm_memory_latency_ratio", IN_VM), "{{vcenter_vm_name}}"), steps=CONTENDED, needs=("vcenter memory samples",)),
    lines("Memory taken back", "Memory of the machines chosen that hosts took back, bytes: by balloon, by compression, by swapping.", "bytes",
          Query(f"sum by (type) ({select('observe_vcenter_vm_memory_usage_bytes', IN_VM, like('type', 'ballooned|swapped|compressed'))})", "{{type}}"), stack=True, needs=("vcenter memory taken",)),
    lines("Datastores, highest latency", "Highest latency of any datastore that a machine saw in 20 s, s: the ten worst machines.", "s",
          Query(worst("observe_vcenter_vm_datastore_latency_max_seconds", IN_VM), "{{vcenter_vm_name}}"), steps=((0.02, "yellow"), (0.1, "red")), needs=("vcenter datastore samples",)),
))

HOSTS = Row("Hosts and datastores", (
    lines("CPU of hosts", "Share of a host's CPU that is used.", "percentunit",
          Query(f"max by (vcenter, vcenter_host_name) ({select('observe_vcenter_host_cpu_utilization_ratio', IN_HOST)})", "{{vcenter_host_name}}"), steps=((0.9, "red"),), maximum=1, needs=("vcenter samples",)),
    lines("Demand over capacity", "CPU that a host's machines would use if they could, over what it has. Above 1 it is overcommitted now.", "percentunit",
          Query(f"max by (vcenter, vcenter_host_name) ({select('observe_vcenter_host_cpu_demand_hertz', IN_HOST)}) / (1e6 * max by (vcenter, vcenter_host_name) ({select('vcenter_host_cpu_capacity_MHz', IN_HOST)}))",
                "{{vcenter_host_name}}"), steps=((0.8, "yellow"), (1, "red")), needs=("vcenter samples",)),
    lines("Virtual CPUs per GHz, by cluster", "Virtual CPUs of a cluster's machines for each GHz of its CPU: how far it is overcommitted on paper.", "short",
          Query(f"sum by (vcenter, vcenter_cluster_name) ({select('observe_vcenter_vm_cpus', IN)} * on (vcenter, vcenter_vm_id) group_left (vcenter_cluster_name) {select('observe_vcenter_vm_info', IN)})"
                f" / (sum by (vcenter, vcenter_cluster_name) ({select('vcenter_cluster_cpu_effective_MHz', IN)}) / 1000)", "{{vcenter_cluster_name}}"), needs=("vcenter",)),
    lines("Memory of hosts", "Percent of a host's memory that is used.", "percent",
          Query(f"max by (vcenter, vcenter_host_name) ({select('vcenter_host_memory_utilization_percent', IN_HOST)})", "{{vcenter_host_name}}"), steps=((90, "red"),), maximum=100, needs=("vcenter",)),
    lines("Datastores", "Percent of a datastore's space that is used.", "percent",
          Query(f"max by (vcenter, vcenter_datastore_name) ({select('vcenter_datastore_disk_utilization_percent', IN)})", "{{vcenter_datastore_name}}"), steps=((85, "yellow"), (95, "red")), maximum=100, needs=("vcenter",)),
    table("Status", "Things whose overall status is not green, and alarms of their own that are triggered. Empty where all is well.", "none",
          Query(f"{select('observe_vcenter_status', IN, unlike('status', 'green|gray'))} == 1"), columns=("vcenter", "status"), needs=("vcenter trouble",)),
))

DASHBOARD = Dashboard(
    "observe-vcenter", "vcenter.json", "Observe / vCenter", "Events, migrations, contention: what the vCenters that are followed say. docs/dashboards.md",
    (CLUSTER, VCENTER, HOST, VM), (STATE, HAPPENED, MOVING, CONTENTION, HOSTS), (MOVES, POWER), since="now-3h")
