package main

import "fmt"

// checkConfigurations: each part does its own work and not the other's, and listens where it is asked.
func checkConfigurations(r *rendering, found *report) {
	for part := range r.configurations() {
		config := r.configuration(part)
		found.expect(config["error"] == nil, "%s: its configuration is no YAML: %v", part, config["error"])
		found.expect(config["listen"] == fmt.Sprintf(":%d", number(value(r.values, "port"))), "%s: listens at %v", part, config["listen"])
		found.expect(value(config, "otlp", "headers") == nil, "%s: has headers, which may be secret, in its configuration", part)
		if part == "agent" {
			found.expect(value(config, "collectors", "vcenter") == nil, "agent: every node would follow the vCenters")
			continue
		}
		for _, path := range [][]string{{"collectors", "sched", "enabled"}, {"collectors", "cgroup", "enabled"}, {"collectors", "docker", "enabled"}, {"collectors", "kubernetes", "enabled"}, {"traces", "stalls"}} {
			found.expect(value(config, path...) == false, "vcenter: %v is not off", path)
		}
		found.expect(value(config, "collectors", "kvm", "tier") == "off", "vcenter: looks for virtual machines on its node")
		found.expect(value(config, "collectors", "vcenter", "stateDirectory") == "/var/lib/observe", "vcenter: keeps its state elsewhere than in its volume")
	}
}
