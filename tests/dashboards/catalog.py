"""What there is to ask for: every metric and label that docs/metrics.md names, which is generated from the agent's catalog."""
import re
from dataclasses import dataclass

TARGET = frozenset({"cluster", "job", "instance"})
WORKLOAD = frozenset({"workload", "workload_kind", "workload_id", "k8s_namespace_name", "k8s_pod_name", "k8s_container_name"})

# Of things that a vCenter manages, by what their metrics begin with: docs/vcenter-inventory.md, "Names".
OF_VCENTER = (
    (r"(observe_)?vcenter_vm_", {"vcenter_vm_name", "vcenter_vm_id"}),
    (r"(observe_)?vcenter_host_", {"vcenter_datacenter_name", "vcenter_host_name"}),
    (r"(observe_)?vcenter_cluster_", {"vcenter_datacenter_name", "vcenter_cluster_name"}),
    (r"(observe_)?vcenter_resource_pool_", {"vcenter_datacenter_name", "vcenter_resource_pool_inventory_path", "vcenter_virtual_app_inventory_path"}),
    (r"(observe_)?vcenter_datastore_", {"vcenter_datacenter_name", "vcenter_datastore_name"}),
    (r"(observe_)?vcenter_datacenter_", {"vcenter_datacenter_name"}),
    (r"observe_vcenter_(status|alarms)$", {"vcenter_vm_name", "vcenter_vm_id", "vcenter_datacenter_name", "vcenter_host_name", "vcenter_cluster_name", "vcenter_datastore_name"}),
)

_ROW = re.compile(r"^\| `([^`]+)`<br>`[^`]+` \| (\w+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$")
_SCOPES = {"Per workload": WORKLOAD, "Per thing a vCenter manages": frozenset({"vcenter"}), "Per host, and Observe itself": frozenset()}


@dataclass(frozen=True)
class Metric:
    """`suffix` is of a histogram's series: _bucket, _sum, _count, or nothing for the native one."""
    name: str
    kind: str
    unit: str
    labels: frozenset
    suffix: str = ""


def read(path):
    """The catalog by the names that a query may have, and Prometheus' own series of a scrape."""
    result, scope = {}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            scope = _SCOPES[line[3:]]
        row = _ROW.match(line)
        if not row:
            continue
        name, kind, unit, labels = (part.strip() for part in row.groups()[:4])
        own = set(re.findall(r"`([^`]+)`", labels)) | scope | TARGET
        if "vcenter" in scope:
            own |= next((extra for pattern, extra in OF_VCENTER if re.match(pattern, name)), set())
        metric = Metric(name, kind, unit, frozenset(own))
        result[name] = metric
        if kind == "histogram":
            result[name + "_bucket"] = Metric(name, kind, unit, metric.labels | {"le"}, "_bucket")
            result[name + "_sum"] = Metric(name, kind, unit, metric.labels, "_sum")
            result[name + "_count"] = Metric(name, kind, unit, metric.labels, "_count")
    if len(result) < 100:
        raise ValueError(f"{path}: only {len(result)} metrics found: its tables are not what this reads any more")
    for name, unit in (("up", "0 or 1"), ("scrape_duration_seconds", "seconds"), ("scrape_samples_scraped", "sample")):
        result[name] = Metric(name, "gauge", unit, TARGET)
    result["ALERTS"] = Metric("ALERTS", "gauge", "alert", TARGET | WORKLOAD | {"alertname", "alertstate", "severity"})
    return result
