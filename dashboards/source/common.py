"""What several dashboards share: variables, marks of events, thresholds, links."""
from grafana import Annotation, Variable, stalls_of, to_dashboard
from promql import counted, happened, select, total

CLUSTER = Variable("cluster", "Cluster", "Label cluster of the scrape; All also takes those without one", "label_values(observe_build_info, cluster)")
NODE = Variable("node", "Node", "Label instance of the scrape: one agent", 'label_values(observe_build_info{cluster=~"$cluster"}, instance)')
WORKLOAD = Variable("workload", "Workload", "Container, pod, virtual machine, service, user", 'label_values(observe_threads{cluster=~"$cluster",instance=~"$node"}, workload)')

# Shares of the time in which a workload wanted a CPU. A hundredth is noise, a twentieth is felt, a quarter is an alert.
FELT, BAD = 0.05, 0.25
SHARE = ((FELT, "yellow"), (BAD, "red"))

WORKLOAD_LINK = to_dashboard("Workload ${__field.labels.workload}", "observe-workload", workload="${__field.labels.workload}")
WORKLOAD_OF_ROW = to_dashboard("Workload ${__data.fields.workload}", "observe-workload", workload="${__data.fields.workload}")
MACHINE_LINK = to_dashboard("Virtual machine ${__field.labels.vm}", "observe-machines", vm="${__field.labels.vm}")
WAIT_TRACES = stalls_of("workload.id", "workload_id", ("stall.wait",))
THROTTLE_TRACES = stalls_of("workload.id", "workload_id", ("stall.throttle",))
EXIT_TRACES = stalls_of("workload.id", "workload_id", ("stall.exit",))

IN_CLUSTER = 'cluster=~"$cluster"'
IN_NODE = IN_CLUSTER + ',instance=~"$node"'

MOVES = Annotation(
    "Moves of virtual machines",
    total(happened("observe_vcenter_events_total", IN_CLUSTER, 'type=~"VmMigratedEvent|DrsVmMigratedEvent|VmRelocatedEvent|VmFailedMigrateEvent"', window="1m"), "vcenter", "type"),
    "purple", "{{type}}", "vcenter", ("vcenter",))
POWER = Annotation(
    "Power and high availability",
    total(happened("observe_vcenter_events_total", IN_CLUSTER, 'type=~"VmPowered.*|VmSuspendedEvent|VmReset.*|VmDas.*|com.vmware.vc.ha.*|com.vmware.vc.HA.*|Host.*Lost.*|HostDisconnectedEvent|EnteredMaintenanceModeEvent"', window="1m"), "vcenter", "type"),
    "blue", "{{type}}", "vcenter", ("vcenter power",))
CONTAINERS = Annotation(
    "Containers started and ended",
    total(happened("observe_docker_events_total", IN_NODE, 'action=~"start|die|oom|restart|pause|unpause"', window="1m"), "instance", "action"),
    "green", "container {{action}}", "instance", ("docker",))
KILLS = Annotation(
    "Killed for want of memory",
    total(f"increase({select('observe_oom_kills_total', IN_NODE)}[1m])", "instance", "workload") + " > 0",
    "red", "{{workload}} killed for want of memory", "instance", ("oom",))
QUOTAS = Annotation(
    "CPU quota changed",
    total(f"changes({select('observe_cpu_quota_cores', IN_NODE)}[2m])", "instance", "workload") + " > 0",
    "yellow", "quota of {{workload}} changed", "instance", ("quota change",))
CLOCKS = Annotation(
    "Clock set",
    total(f"increase({select('observe_clock_steps_total', IN_NODE)}[1m])", "instance", "source") + " > 0",
    "orange", "clock of {{source}} set", "instance", ("clock step",))
BLACKOUTS = Annotation(
    "Machine stood still",
    total(counted("observe_guest_blackouts_total", IN_NODE, window="1m"), "instance", "sign") + " > 0",
    "dark-purple", "{{instance}} stood still ({{sign}})", "instance", ("guest blackout",))
RESTARTS = Annotation(
    "Agent started",
    total(f"changes({select('process_start_time_seconds', IN_NODE)}[2m]) and on (job, instance) {select('observe_build_info')}", "instance") + " > 0",
    "dark-red", "agent on {{instance}} started again", "instance", ("agent restart",))
