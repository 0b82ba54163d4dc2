"""Virtual machines: what being one costs. KVM's by our own account, vSphere's by its own, side by side."""
from common import BLACKOUTS, CLUSTER, EXIT_TRACES, MACHINE_LINK, MOVES, NODE, POWER
from grafana import Dashboard, Query, Row, Variable, heatmap, lines, stat, table
from promql import NODE as IN_NODE, heat, histogram_count, histogram_sum, is_, like, quantile, rate, select, total

VM = Variable("vm", "KVM machine", "Virtual machine of a KVM host that an agent runs on", 'label_values(observe_vm_info{cluster=~"$cluster",instance=~"$node"}, vm)')
VSPHERE = Variable("vsphere", "vSphere machine", "Virtual machine of a vCenter that an agent follows", 'label_values(observe_vcenter_vm_info{cluster=~"$cluster"}, vcenter_vm_name)')

IN = IN_NODE + ',vm=~"$vm"'
IN_VSPHERE = 'cluster=~"$cluster",vcenter_vm_name=~"$vsphere"'
VCPU = "observe_vcpu_time_seconds_total"
OVERHEAD = "observe_vm_overhead_seconds_total"
EXITS = "observe_kvm_exits_total"
EXIT = "observe_kvm_exit_seconds"
READY = like("state", "waiting|throttled")
LOW = ((0.7, "yellow"), (0.85, "green"))


def efficiency(*by, window="$__rate_interval"):
    return f"{total(rate(OVERHEAD, IN, is_('part', 'useful'), window=window), *by)} / ({total(rate(OVERHEAD, IN, window=window), *by)} > 0)"


def shares(metric, label):
    return f"{total(rate(metric, IN), label)} / on () group_left () ({total(rate(metric, IN))} > 0)"


MOST = f"topk(30, sum by (vm, reason) (increase({select(EXITS, IN)}[$__range])))"

WORTH = Row("What of its time was useful (KVM)", (
    stat("Efficiency η", "Useful time / (useful + trap + schedule + isolation) of all machines chosen: time in the guest, over that and what being a virtual machine cost.", "percentunit",
         Query(efficiency(), "η"), steps=LOW, maximum=1, width=6, needs=("kvm",)),
    stat("Exits", "Times a second that vCPUs left their guests.", "ops", Query(total(rate(EXITS, IN)), "exits"), width=6, needs=("kvm",)),
    stat("Cost of an exit", "Mean CPU time of the kernel for one, s; what the processor takes to leave and enter is not in it.", "s",
         Query(f"{histogram_sum(EXIT, IN)} / ({histogram_count(EXIT, IN)} > 0)", "mean"), width=6, needs=("kvm exits",)),
    stat("Ready", "Share of their vCPUs' time that machines wanted a CPU and had none.", "percentunit",
         Query(f"{total(rate(VCPU, IN, READY))} / ({total(rate(VCPU, IN))} > 0)", "ready"), steps=((0.05, "yellow"), (0.1, "red")), maximum=1, width=6, needs=("kvm",)),
    lines("Efficiency η, by machine", "Useful time / (useful + trap + schedule + isolation). 1 would be a machine that costs nothing.", "percentunit",
          Query(efficiency("instance", "vm"), "{{vm}} on {{instance}}"), maximum=1, minimum=None, links=(MACHINE_LINK,), needs=("kvm",)),
    lines("Where the rest went", "Share of all: useful, in the guest; trap, the kernel's work on exits; schedule, vCPUs waiting and throttled; isolation, the VMM's other CPU time.", "percentunit",
          Query(shares(OVERHEAD, "part"), "{{part}}"), stack=True, maximum=1, needs=("kvm",)),
))

ACCOUNT = Row("The account of the vCPUs (KVM)", (
    lines("All time", "Time of the vCPUs' threads by state, share: guest, exit, halt_poll and userspace are CPU time; sleeping is a halted guest, mostly; the states add up to 100 %.", "percentunit",
          Query(shares(VCPU, "state"), "{{state}}"), stack=True, maximum=1, needs=("kvm",)),
    lines("CPU and what it waited for, by machine", "Seconds a second in each state but sleep, of all vCPUs of a machine: so many vCPUs at a time.", "short",
          Query(total(rate(VCPU, IN, 'state!="sleeping"'), "vm", "state"), "{{vm}}: {{state}}"), stack=True, needs=("kvm",)),
    table("By vCPU", "Share of each vCPU's time in the last 5 min: in the guest, handling exits, in the VMM, waiting or throttled.", "percentunit",
          *(Query(f"{total(rate(VCPU, IN, like('state', states), window='5m'), 'instance', 'vm', 'vcpu')} / ({total(rate(VCPU, IN, window='5m'), 'instance', 'vm', 'vcpu')} > 0)", name, "percentunit")
            for states, name in (("guest", "guest"), ("exit|halt_poll", "kernel"), ("userspace", "VMM"), ("waiting|throttled", "ready"))),
          columns=("instance", "vm", "vcpu"), sort="ready", needs=("kvm",), steps=()),
    table("Machines", "Who they are, by the command line of their VMM.", "none", Query(select("observe_vm_info", IN)), columns=("instance", "vm", "vmm", "uuid", "pid", "workload"), needs=("kvm",)),
))

LEAVING = Row("Exits by reason, and what they cost (KVM)", (
    lines("Exits", "Times a second that guests were left, by the processor's reason: the fifteen most frequent.", "ops",
          Query(f"topk(15, {total(rate(EXITS, IN), 'reason')})", "{{reason}}"), stack=True, needs=("kvm",)),
    lines("Their cost", "CPU time a second that the kernel spent on them, by reason: the fifteen dearest. 1 is a whole CPU.", "short",
          Query(f"topk(15, {histogram_sum(EXIT, IN, by=('reason',))})", "{{reason}}"), stack=True, needs=("kvm exits",)),
    lines("Cost of one", "Mean CPU time of the kernel for one exit, by reason, s.", "s",
          Query(f"{histogram_sum(EXIT, IN, by=('reason',))} / ({histogram_count(EXIT, IN, by=('reason',))} > 0)", "{{reason}}"), log=True, minimum=None, needs=("kvm exits",)),
    lines("Cost of the dear ones", "99th percentile of the CPU time of one exit, by reason, s. The links search the spans of slow exits.", "s",
          Query(quantile(0.99, EXIT, IN, by=("workload_id", "vm", "reason")), "{{vm}}: {{reason}}", exemplar=True), log=True, minimum=None, links=EXIT_TRACES, needs=("kvm exits",)),
    heatmap("Cost of exits", "How many exits a second of which cost, s of CPU time. Diamonds lead to the spans of slow exits.", "s", *heat(EXIT, IN), needs=("kvm exits",)),
    table("In the time shown", "How many exits there were, and the mean of their CPU time, s, by machine and reason: the thirty most frequent.", "none",
          Query(MOST, "exits", "short"),
          Query(f"{histogram_sum(EXIT, IN, by=('vm', 'reason'), window='$__range')} / ({histogram_count(EXIT, IN, by=('vm', 'reason'), window='$__range')} > 0) and on (vm, reason) {MOST}", "mean", "s"),
          columns=("vm", "reason"), sort="exits", needs=("kvm exits",)),
))

SIDE = Row("Ready: KVM and vSphere side by side", (
    lines("Ready of one vCPU, KVM", "Share of a vCPU's time in which it wanted a CPU and had none: waiting, and throttled by a quota. What vSphere calls ready.", "percentunit",
          Query(f"avg by (instance, vm) ({total(rate(VCPU, IN, READY), 'instance', 'vm', 'vcpu')})", "{{vm}} on {{instance}}"), steps=((0.05, "yellow"), (0.1, "red")), links=(MACHINE_LINK,), needs=("kvm",)),
    lines("Ready of one vCPU, vSphere", "Share of a vCPU's time ready and not run, of the newest sample of 20 s. Maxlimited is in it.", "percentunit",
          Query(f"max by (vcenter, vcenter_vm_name) ({select('observe_vcenter_vm_cpu_ready_ratio', IN_VSPHERE)})", "{{vcenter_vm_name}}"), steps=((0.05, "yellow"), (0.1, "red")), needs=("vcenter",)),
    lines("Ready of all vCPUs, KVM", "Seconds a second, of all vCPUs of a machine: so many vCPUs waited at a time.", "short",
          Query(total(rate(VCPU, IN, READY), "vm", "instance"), "{{vm}} on {{instance}}"), stack=True, needs=("kvm",)),
    lines("Ready of all vCPUs, vSphere", "Seconds a second, of all vCPUs of a machine, from every sample of 20 s.", "short",
          Query(total(rate("observe_vcenter_vm_cpu_time_seconds_total", IN_VSPHERE, is_("state", "ready")), "vcenter", "vcenter_vm_name"), "{{vcenter_vm_name}}"), stack=True, needs=("vcenter",)),
    lines("Kept off by its own limit, KVM", "Seconds a second that a quota throttled a machine's vCPUs.", "short",
          Query(total(rate(VCPU, IN, is_("state", "throttled")), "vm", "instance"), "{{vm}} on {{instance}}"), stack=True, needs=("kvm",)),
    lines("Kept off by its own limit, vSphere", "Seconds a second that a limit held a machine's vCPUs back (maxlimited), and that they waited for one another (costop; KVM has no such thing).", "short",
          Query(total(rate("observe_vcenter_vm_cpu_time_seconds_total", IN_VSPHERE, like("state", "maxlimited|costop")), "vcenter_vm_name", "state"), "{{vcenter_vm_name}}: {{state}}"), stack=True,
          needs=("vcenter",)),
))

INSIDE = Row("Hosts that are virtual machines themselves", (
    lines("Stolen", "Share of a host's CPU time that its hypervisor gave to others, as the host sees it: its own ready time, from inside. Only hosts that can tell.", "percentunit",
          Query(f"{total(rate('observe_cpu_time_seconds_total', IN_NODE, is_('state', 'steal')), 'instance')} / {total(rate('observe_cpu_time_seconds_total', IN_NODE), 'instance')}"
                f" and on (instance) {select('observe_host_info', is_('steal', 'known'))}", "{{instance}}"), steps=((0.02, "yellow"), (0.1, "red")), maximum=1, needs=("steal",)),
    table("Which machine is this host", "Hosts that a watched vCenter knows as one of its virtual machines, and where that is.", "none", Query(select("observe_host_vm_info", IN_NODE)),
          columns=("instance", "vcenter", "vcenter_vm_name", "vcenter_host_name", "vcenter_cluster_name", "vcenter_datacenter_name"), needs=("vcenter guest",)),
    table("What is beneath", "The hypervisor beneath each host, and whether its stolen time is known, unknown (a 0 means nothing), or none.", "none", Query(select("observe_host_info", IN_NODE)),
          columns=("instance", "hypervisor", "steal")),
))

DASHBOARD = Dashboard(
    "observe-machines", "virtual-machines.json", "Observe / Virtual machines", "What being a virtual machine costs: KVM's account, and vSphere's beside it. docs/dashboards.md",
    (CLUSTER, NODE, VM, VSPHERE), (WORTH, ACCOUNT, LEAVING, SIDE, INSIDE), (MOVES, BLACKOUTS, POWER))
