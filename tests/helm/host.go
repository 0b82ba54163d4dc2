package main

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// checkHost: what an agent sees of its node, and that it can write to none of it.
func checkHost(r *rendering, found *report) {
	for _, each := range r.pods {
		if each.part != "agent" {
			continue
		}
		found.expect(each.Spec.HostPID == (value(r.values, "agent", "hostPID") == true), "%s: is in the host's pid namespace, or is not, against its values", each.owner)
		found.expect(each.Spec.HostNetwork == (value(r.values, "agent", "hostNetwork") == true), "%s: is in the host's network, or is not, against its values", each.owner)
		found.expect(!each.Spec.HostIPC, "%s: is in the host's IPC namespace", each.owner)
		may := hostPaths(r)
		theirs := map[string]string{}
		for _, volume := range each.Spec.Volumes {
			if volume.HostPath == nil {
				continue
			}
			path := volume.HostPath.Path
			theirs[volume.Name] = path
			found.expect(may[path], "%s: mounts %s of the host, and nothing takes it", each.owner, path)
			found.expect(volume.HostPath.Type != nil && *volume.HostPath.Type != corev1.HostPathUnset && !strings.HasSuffix(string(*volume.HostPath.Type), "OrCreate"),
				"%s: %s would be made on a host without it", each.owner, path)
			delete(may, path)
		}
		for path := range may {
			found.expect(false, "%s: does not mount %s of the host", each.owner, path)
		}
		for _, mount := range each.Spec.Containers[0].VolumeMounts {
			if theirs[mount.Name] == "" {
				continue
			}
			found.expect(mount.ReadOnly, "%s: may write to %s of the host", each.owner, theirs[mount.Name])
			found.expect(mount.MountPropagation == nil || *mount.MountPropagation == corev1.MountPropagationNone, "%s: shares mounts with the host beneath %s", each.owner, theirs[mount.Name])
			if theirs[mount.Name] == "/sys/fs/cgroup" {
				root := value(r.configuration("agent"), "collectors", "cgroup", "root")
				found.expect(root == mount.MountPath, "%s: looks for cgroups at %v, and they are at %s", each.owner, root, mount.MountPath)
				deep := mount.RecursiveReadOnly != nil && *mount.RecursiveReadOnly == corev1.RecursiveReadOnlyIfPossible
				found.expect(deep == (r.as.KubeVersion >= "1.30"), "%s: Kubernetes %s: the mounts beneath %s are read-only if that version knows how", each.owner, r.as.KubeVersion, mount.MountPath)
			}
		}
	}
}

// hostPaths are what the values ask for, besides the cgroups; the user's own volumes among them.
func hostPaths(r *rendering) map[string]bool {
	may := map[string]bool{"/sys/fs/cgroup": true}
	for name, path := range map[string]string{"machineId": "/etc/machine-id", "tracing": "/sys/kernel/tracing", "debug": "/sys/kernel/debug"} {
		if value(r.values, "agent", "hostMounts", name) == true {
			may[path] = true
		}
	}
	config := r.configuration("agent")
	if endpoint, is := value(config, "collectors", "docker", "endpoint").(string); value(config, "collectors", "docker", "enabled") == true {
		if !is {
			endpoint = "unix:///var/run/docker.sock"
		}
		if path, local := strings.CutPrefix(endpoint, "unix://"); local {
			may[path] = true
		}
	}
	extra, _ := value(r.values, "agent", "extraVolumes").([]interface{})
	for _, each := range extra {
		if path, is := value(each.(map[string]interface{}), "hostPath", "path").(string); is {
			may[path] = true
		}
	}
	return may
}
