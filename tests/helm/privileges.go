package main

import (
	corev1 "k8s.io/api/core/v1"
)

// checkPrivileges: what no pod has, and what an agent has and why.
func checkPrivileges(r *rendering, found *report) {
	for _, each := range r.pods {
		context := each.Spec.Containers[0].SecurityContext
		if context == nil || context.Capabilities == nil {
			found.expect(false, "%s: has no security context", each.owner)
			continue
		}
		found.expect(context.Privileged != nil && !*context.Privileged, "%s: is privileged", each.owner)
		found.expect(context.AllowPrivilegeEscalation != nil && !*context.AllowPrivilegeEscalation, "%s: may gain privileges", each.owner)
		found.expect(context.ReadOnlyRootFilesystem != nil && *context.ReadOnlyRootFilesystem, "%s: may write to its root file system", each.owner)
		found.expect(context.ProcMount == nil, "%s: sees more of /proc than containers do", each.owner)
		found.expect(len(context.Capabilities.Drop) == 1 && context.Capabilities.Drop[0] == "ALL", "%s: keeps capabilities that it was not given", each.owner)
		may := map[corev1.Capability]bool{}
		if each.part == "agent" {
			may = agentCapabilities(r)
		}
		for _, capability := range context.Capabilities.Add {
			found.expect(may[capability], "%s: has capability %s, and nothing takes it", each.owner, capability)
		}
		for capability := range may {
			found.expect(has(context.Capabilities.Add, capability), "%s: has no capability %s", each.owner, capability)
		}
		checkSeccomp(r, each, found)
	}
}

// agentCapabilities are those of docs/install-kubernetes.md, "Privileges".
func agentCapabilities(r *rendering) map[corev1.Capability]bool {
	may := map[corev1.Capability]bool{"BPF": true, "PERFMON": true}
	if value(r.configuration("agent"), "collectors", "kvm", "tier") == "stats" {
		may["SYS_PTRACE"], may["DAC_READ_SEARCH"] = true, true
	}
	extra, _ := value(r.values, "agent", "extraCapabilities").([]interface{})
	for _, each := range extra {
		may[corev1.Capability(each.(string))] = true
	}
	return may
}

// checkSeccomp: a profile is named, and none at all only where the values say so.
func checkSeccomp(r *rendering, of *pod, found *report) {
	if of.Spec.SecurityContext == nil || of.Spec.SecurityContext.SeccompProfile == nil {
		found.expect(false, "%s: names no seccomp profile", of.owner)
		return
	}
	profile := of.Spec.SecurityContext.SeccompProfile
	found.expect(string(profile.Type) == value(r.values, of.part, "seccompProfile", "type"), "%s: has another seccomp profile than its values: %s", of.owner, profile.Type)
	found.expect((profile.Type == corev1.SeccompProfileTypeLocalhost) == (profile.LocalhostProfile != nil), "%s: a seccomp profile of the node's has a name, and no other has", of.owner)
}

func has(list []corev1.Capability, one corev1.Capability) bool {
	for _, each := range list {
		if each == one {
			return true
		}
	}
	return false
}

// checkVCenterIsRestricted: the instance for vCenters passes the strictest of the pod security standards.
func checkVCenterIsRestricted(r *rendering, found *report) {
	for _, each := range r.pods {
		if each.part != "vcenter" {
			continue
		}
		pod, container := each.Spec.SecurityContext, each.Spec.Containers[0].SecurityContext
		found.expect(pod != nil && pod.RunAsNonRoot != nil && *pod.RunAsNonRoot && pod.RunAsUser != nil && *pod.RunAsUser > 0, "%s: may run as root", each.owner)
		found.expect(container != nil && container.RunAsUser == nil && container.RunAsNonRoot == nil && (container.Capabilities == nil || len(container.Capabilities.Add) == 0),
			"%s: has a user or capabilities of its container's own", each.owner)
		found.expect(!each.Spec.HostPID && !each.Spec.HostNetwork && !each.Spec.HostIPC, "%s: is in namespaces of the host", each.owner)
		for _, volume := range each.Spec.Volumes {
			found.expect(volume.HostPath == nil, "%s: volume %s is a directory of the host", each.owner, volume.Name)
		}
	}
}
