"""What panels need to have data, beside an agent with its ledger, and how to tell from Prometheus that it was there (within $__range)."""

_COUNTED = "sum(increase({}[$__range])) > 0"

NEEDS = {
    "stalls": "count(observe_stalls_total)",
    "quota": "count(observe_cpu_quota_cores)",
    "quota change": "sum(changes(observe_cpu_quota_cores[$__range])) > 0",
    "psi": "count(observe_pressure_seconds_total)",
    "steal": 'count(observe_cpu_time_seconds_total{state="steal"} and on (instance) observe_host_info{steal="known"})',
    "events": "count(observe_timeline_events_total)",
    "oom": _COUNTED.format("observe_oom_kills_total"),
    "clock step": _COUNTED.format("observe_clock_steps_total"),
    "agent restart": "sum(changes(process_start_time_seconds[$__range]) and on (job, instance) observe_build_info) > 0",
    "bpf stats": _COUNTED.format("observe_bpf_program_runs_total"),
    "otlp": "sum(observe_otlp_points_total) > 0",
    "otlp failure": "(sum(observe_otlp_failures_total) or sum(observe_trace_failures_total)) > 0",
    "docker": "count(container_cpu_utilization_percent)",
    "container network": "count(container_network_io_usage_rx_bytes_total)",
    "container devices": "count(container_blockio_io_service_bytes_recursive_total)",
    "kubernetes": "count(observe_kubernetes_requests_total)",
    "kvm": "count(observe_vcpu_time_seconds_total)",
    "kvm exits": "count(observe_kvm_exit_seconds_count) or count(observe_kvm_exit_seconds)",
    "vcenter": "count(observe_vcenter_vm_info)",
    "vcenter samples": "count(observe_vcenter_vm_cpu_ready_ratio)",
    "vcenter events": "count(observe_vcenter_events_total)",
    "vcenter tasks": "count(observe_vcenter_tasks_total)",
    "vcenter alarms": "count(observe_vcenter_alarm_changes_total)",
    "vcenter trouble": 'sum(observe_vcenter_status{status=~"red|yellow"}) > 0',
    "vcenter guest": "count(observe_host_vm_info)",
    "migration": "sum(observe_vcenter_migration_seconds_count) > 0 or histogram_count(sum(observe_vcenter_migration_seconds)) > 0",
    "guest": "count(observe_migrations_total)",
    "guest migration": "sum(observe_migrations_total) > 0",
}
