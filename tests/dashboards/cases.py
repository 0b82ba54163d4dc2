"""
What each alert is tested with: series, a value a minute, and when it fires. Every case has something that fires and resolves, and beside it
something alike that must not.
"""
from dataclasses import dataclass

HOST = {"job": "observe", "instance": "host-a:9464"}
OTHER = {"job": "observe", "instance": "host-b:9464"}


@dataclass(frozen=True)
class Firing:
    """An alert that is expected to fire: its labels beside `alertname`, and its summary as its reader has it."""
    labels: dict
    summary: str


@dataclass(frozen=True)
class Case:
    """`series`: (name, labels, values in promtool's notation), a value every so many minutes. `at`: minutes to what fires then."""
    alert: str
    series: tuple
    at: dict
    every: int = 1


def workload(name, host=HOST):
    return {**host, "workload": name, "workload_kind": "container", "workload_id": name + "-id"}


def pod(name):
    return {**workload(name), "k8s_namespace_name": "shop", "k8s_pod_name": name + "-0", "k8s_container_name": name}


def spend(labels, metric="observe_thread_time_seconds_total", **states):
    """Seconds a second in each state, for ever; or (that, minutes) and nothing afterwards."""
    for state, rate in states.items():
        rate, minutes = rate if isinstance(rate, tuple) else (rate, 240)
        yield metric, {**labels, "state": state}, f"0+{60 * rate:g}x{minutes} {60 * rate * minutes:g}x{300 - minutes}"


def counter(name, labels, a_minute, minutes=240, total=300):
    return name, labels, f"0+{a_minute}x{minutes} {a_minute * minutes}x{total - minutes}"


QUOTA = Case("ObserveQuotaStarvation", (
    *spend(pod("web"), running=0.2, throttled=(0.2, 30)),
    *spend(workload("starved"), running=0.1, throttled=(0.4, 30)),
    *spend(workload("calm"), running=0.8, throttled=0.1),
    *spend(workload("tiny"), running=0.005, throttled=0.01),
    *spend(workload("busy"), running=0.1, waiting=0.9),
), {
    4: (),
    8: (Firing({**workload("starved"), "severity": "critical"}, "A CPU quota keeps starved on host-a:9464 off the CPU for 80% of the time that it wants one"),),
    20: (Firing({**workload("starved"), "severity": "critical"}, "A CPU quota keeps starved on host-a:9464 off the CPU for 80% of the time that it wants one"),
         Firing({**pod("web"), "severity": "warning"}, "A CPU quota keeps shop/web on host-a:9464 off the CPU for 50% of the time that it wants one")),
    40: (),
})

NEIGHBOUR = Case("ObserveNoisyNeighbour", (
    *spend(workload("web"), running=0.5, waiting=0.3),
    *spend(workload("tiny"), running=0.005, waiting=0.01),
    counter("observe_delay_seconds_total", {**workload("web"), "culprit": "batch", "culprit_kind": "workload", "culprit_id": "batch-id"}, 12, 40),
    counter("observe_delay_seconds_total", {**workload("web"), "culprit": "self", "culprit_kind": "self"}, 20),
    counter("observe_delay_seconds_total", {**workload("web"), "culprit": "nightly", "culprit_kind": "workload", "culprit_id": "nightly-id"}, 2),
    counter("observe_delay_seconds_total", {**workload("tiny"), "culprit": "batch", "culprit_kind": "workload", "culprit_id": "batch-id"}, 0.5),
), {
    8: (),
    20: (Firing({**workload("web"), "culprit": "batch", "culprit_kind": "workload", "culprit_id": "batch-id", "severity": "warning"},
                "web on host-a:9464 waits 25% of the time that it wants a CPU for batch (workload)"),),
    50: (),
})

OVERCOMMITTED = Case("ObserveHostOvercommitted", (
    *spend({**HOST, "cpu": "0"}, "observe_cpu_time_seconds_total", running=1, idle=0),
    *spend({**HOST, "cpu": "1"}, "observe_cpu_time_seconds_total", running=1, idle=0),
    *spend({**OTHER, "cpu": "0"}, "observe_cpu_time_seconds_total", running=0.5, idle=0.5),
    *spend(workload("web"), waiting=(3, 60)),
    *spend(workload("web", OTHER), waiting=3),
), {10: (), 30: (Firing({**HOST, "severity": "warning"}, "1.5 threads wait for each CPU of host-a:9464"),), 75: ()})

VCPU = Case("ObserveVcpuReady", (
    *spend({**workload("qemu"), "vm": "db", "vcpu": "0"}, "observe_vcpu_time_seconds_total", guest=0.7, waiting=(0.3, 60)),
    *spend({**workload("qemu"), "vm": "db", "vcpu": "1"}, "observe_vcpu_time_seconds_total", guest=0.9, waiting=(0.1, 60)),
    *spend({**workload("qemu"), "vm": "web", "vcpu": "0"}, "observe_vcpu_time_seconds_total", guest=0.5, throttled=0.45, waiting=0.05),
), {
    10: (),
    30: (Firing({**HOST, "workload": "qemu", "workload_id": "qemu-id", "vm": "db", "severity": "warning"}, "The vCPUs of db on host-a:9464 wait for a CPU 20% of the time"),),
    75: (),
})

VSPHERE = Case("ObserveVsphereReady", (
    ("observe_vcenter_vm_cpu_ready_ratio", {**HOST, "vcenter": "vc1", "vcenter_vm_name": "db", "vcenter_vm_id": "1"}, "0.2x60 0.01x60"),
    ("observe_vcenter_vm_cpu_ready_ratio", {**HOST, "vcenter": "vc1", "vcenter_vm_name": "web", "vcenter_vm_id": "2"}, "0.05x20 0.3x2 0.05x98"),
), {
    5: (),
    30: (Firing({**HOST, "vcenter": "vc1", "vcenter_vm_name": "db", "vcenter_vm_id": "1", "severity": "warning"}, "The vCPUs of db in vc1 were ready and not run 20% of the time"),),
    75: (),
})

STOLEN = Case("ObserveGuestStolen", (
    *spend({**HOST, "cpu": "0"}, "observe_cpu_time_seconds_total", running=0.5, idle=0.3, steal=(0.2, 60)),
    *spend({**OTHER, "cpu": "0"}, "observe_cpu_time_seconds_total", running=0.5, idle=0.3, steal=0.2),
    ("observe_host_info", {**HOST, "hypervisor": "kvm", "steal": "known"}, "1x300"),
    ("observe_host_info", {**OTHER, "hypervisor": "vmware", "steal": "unknown"}, "1x300"),
), {10: (), 30: (Firing({**HOST, "severity": "warning"}, "The hypervisor gives 20% of the CPU time of host-a:9464 to others"),), 75: ()})

MIGRATION = Case("ObserveMigrationNotRecovered", (
    ("observe_migrations_total", {**HOST, "outcome": "unrecovered"}, "0x10 1x90"),
    ("observe_migrations_total", {**HOST, "outcome": "recovered"}, "0x20 1x80"),
    ("observe_migrations_total", {**OTHER, "outcome": "unrecovered"}, "3x100"),
), {9: (), 15: (Firing({**HOST, "outcome": "unrecovered", "severity": "warning"}, "host-a:9464 was moved to another host, and its threads wait longer since"),), 45: ()})

DOWN = Case("ObserveAgentDown", (
    ("up", HOST, "1x10 0x20 1x20"),
    ("observe_build_info", {**HOST, "version": "1"}, "1x10 _x20 1x20"),
    ("up", {"job": "web", "instance": "host-a:80"}, "0x50"),
    ("up", OTHER, "1x50"),
    ("observe_build_info", {**OTHER, "version": "1"}, "1x50"),
), {14: (), 20: (Firing({**HOST, "severity": "critical"}, "The agent on host-a:9464 does not answer"),), 33: ()})

NONE = Case("ObserveNoAgents", (
    ("observe_build_info", {**HOST, "version": "1"}, "1x10 _x30 1x20"),
), {20: (), 30: (Firing({"severity": "critical"}, "No agent is scraped"),), 45: ()})

PROBE = Case("ObserveProbeLost", (
    ("observe_bpf_program_attached", {**HOST, "program": "ledger_switch", "hook": "sched_switch"}, "1x10 _x110"),
    ("observe_bpf_program_attached", {**HOST, "program": "ledger_fork", "hook": "sched_process_fork"}, "1x120"),
    ("observe_build_info", {**HOST, "version": "1"}, "1x120"),
    ("observe_bpf_program_attached", {**OTHER, "program": "ledger_switch", "hook": "sched_switch"}, "1x10 _x110"),
    ("observe_build_info", {**OTHER, "version": "1"}, "1x10 _x110"),
), {
    14: (),
    30: (Firing({**HOST, "program": "ledger_switch", "hook": "sched_switch", "severity": "critical"}, "ledger_switch is not attached to sched_switch on host-a:9464 any more"),),
    80: (),
})

COLLECTOR = Case("ObserveCollectorFailing", (
    ("observe_collector_success", {**HOST, "collector": "docker"}, "1x10 0x30 1x20"),
    ("observe_collector_success", {**HOST, "collector": "sched"}, "1x10 0x5 1x45"),
), {18: (), 30: (Firing({**HOST, "collector": "docker", "severity": "warning"}, "The collector docker on host-a:9464 fails"),), 45: ()})

LOST = Case("ObserveDataLost", (
    counter("observe_lost_total", {**HOST, "reason": "ledger_slots_full"}, 5, 40, 100),
    counter("observe_lost_total", {**HOST, "reason": "stalls_over_host_rate"}, 500, 100, 100),
    ("observe_lost_total", {**HOST, "reason": "workloads_folded"}, "0x20 1x80"),
), {
    8: (),
    30: (Firing({**HOST, "reason": "ledger_slots_full", "severity": "warning"}, "The agent on host-a:9464 loses data: 50 in 10 minutes for the reason ledger_slots_full"),),
    60: (),
})

VCENTER = Case("ObserveVCenterStale", (
    ("observe_vcenter_performance_sample_age_seconds", {**HOST, "vcenter": "vc1"}, "40x10 240x30 40x30"),
    ("observe_vcenter_inventory_last_heard_timestamp_seconds", {**HOST, "vcenter": "vc1", "part": "inventory"}, "0+60x70"),
    ("observe_vcenter_performance_sample_age_seconds", {**HOST, "vcenter": "vc2"}, "40x70"),
    ("observe_vcenter_inventory_last_heard_timestamp_seconds", {**HOST, "vcenter": "vc2", "part": "usage"}, "0+60x10 600x40 3060+60x20"),
), {
    15: (),
    35: (Firing({**HOST, "vcenter": "vc1", "severity": "warning"}, "What is known of vCenter vc1 is 4m 0s old"),
         Firing({**HOST, "vcenter": "vc2", "part": "usage", "severity": "warning"}, "What is known of vCenter vc2 is 25m 0s old")),
    55: (),
})

MISSED = Case("ObserveEventsMissed", (
    ("observe_vcenter_events_missed_total", {**HOST, "vcenter": "vc1"}, "0x10 30x90"),
    ("observe_vcenter_events_missed_total", {**HOST, "vcenter": "vc2"}, "7x100"),
), {9: (), 20: (Firing({**HOST, "vcenter": "vc1", "severity": "warning"}, "Up to 30 events of vCenter vc1 were never read"),), 45: ()})

EXPORT = Case("ObserveExportFailing", (
    counter("observe_otlp_points_total", {**HOST, "outcome": "dropped"}, 10, 30, 100),
    counter("observe_otlp_points_total", {**HOST, "outcome": "accepted"}, 100, 100, 100),
    counter("observe_otlp_points_total", {**OTHER, "outcome": "superseded"}, 100, 100, 100),
), {
    8: (),
    25: (Firing({**HOST, "severity": "warning"}, "The OTLP receiver of host-a:9464 does not take what it is sent: 100 points or spans were lost in 10 minutes"),),
    55: (),
})

CLOCK = Case("ObserveClockError", (
    ("observe_clock_error_seconds", {**HOST, "source": "host"}, "0.01x10 16x40 0.01x50"),
    ("observe_clock_error_seconds", {**HOST, "source": "vcenter:vc1"}, "0.4x100"),
), {20: (), 40: (Firing({**HOST, "source": "host", "severity": "warning"}, "Times of host as host-a:9464 knows them may be wrong by 16s"),), 60: ()})

STEPPING = Case("ObserveClockStepping", (
    ("observe_clock_steps_total", {**HOST, "source": "host"}, "0x10 0+1x6 6x150"),
    ("observe_clock_steps_total", {**HOST, "source": "vcenter:vc1"}, "0x10 1x156"),
), {
    10: (),
    60: (Firing({**HOST, "source": "host", "severity": "warning"}, "The clock of host was set 6 times within an hour, as host-a:9464 sees it"),),
    90: (),
})

LEDGER = Case("ObserveLedgerUnbalanced", (
    ("observe_ledger_residual_seconds", {**HOST, "cpu": "0"}, "0-0.1x60 -6x100"),
    ("observe_ledger_residual_seconds", {**HOST, "cpu": "1"}, "0.002x160"),
), {10: (), 50: (Firing({**HOST, "cpu": "0", "severity": "warning"}, "The ledger of CPU 0 on host-a:9464 fails to explain 3s of the last half hour"),), 110: ()})


LONG = 2  # minutes between values, where it takes hours


def waits(name, slow, minutes, total):
    """A thousand waits every two minutes, of which a share is slow for so many minutes, and none afterwards."""
    labels, good, spell, rest = workload(name), round(1000 * (1 - slow)), minutes // LONG, (total - minutes) // LONG
    yield "observe_runqueue_wait_seconds_count", labels, f"0+1000x{spell + rest}"
    yield "observe_runqueue_wait_seconds_bucket", {**labels, "le": "0.03125"}, f"0+{good}x{spell} {good * spell + 1000}+1000x{rest}"
    yield "observe_runqueue_wait_seconds_bucket", {**labels, "le": "0.0625"}, f"0+1000x{spell + rest}"


def _burn(severity, window, share, name):
    return Firing({**workload(name), "severity": severity, "window": window, "slo": "wait"}, f"{share} of the waits of {name} on host-a:9464 for a CPU were longer than 31.25 ms in the last {window}")


BURN = Case("ObserveWaitBudgetBurn", (*waits("outage", 0.5, 60, 450), *waits("good", 0.005, 450, 450)), {
    60: (_burn("critical", "1h", "50%", "outage"), _burn("critical", "6h", "50%", "outage"), _burn("warning", "1d", "50%", "outage")),
    # The short windows say that it is over; only those of 2 h and 6 h still remember.
    100: (_burn("warning", "1d", "30.18%", "outage"), _burn("warning", "3d", "30.18%", "outage")),
    450: (),
}, LONG)

# Slow waits at rates between the thresholds: each lights the windows from its own on.
SLOW_BURN = Case("ObserveWaitBudgetBurn", (*waits("smoulder", 0.02, 500, 840), *waits("glow", 0.04, 500, 840), *waits("fire", 0.08, 500, 840)), {
    50: (_burn("critical", "6h", "8%", "fire"), _burn("warning", "1d", "8%", "fire"), _burn("warning", "1d", "4%", "glow")),
    450: (_burn("critical", "6h", "8%", "fire"), _burn("warning", "1d", "8%", "fire"), _burn("warning", "1d", "4%", "glow"),
           _burn("warning", "3d", "8%", "fire"), _burn("warning", "3d", "4%", "glow"), _burn("warning", "3d", "2%", "smoulder")),
    840: (),
}, LONG)

CASES = (QUOTA, NEIGHBOUR, OVERCOMMITTED, VCPU, VSPHERE, STOLEN, MIGRATION, DOWN, NONE, PROBE, COLLECTOR, LOST, VCENTER, MISSED, EXPORT, CLOCK, STEPPING, LEDGER, BURN, SLOW_BURN)
