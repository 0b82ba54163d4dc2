package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// docker writes how Docker would run a case's agent with the very privileges, mounts and bounds of its pod: DIRECTORY/flags and
// DIRECTORY/arguments, one a line, and the files of its ConfigMap, by volume. What only a cluster has (a token, Secrets) is left out.
func docker(c *chart, s *schema, one *testCase, directory string) error {
	if one == nil {
		return fmt.Errorf("no such case")
	}
	made, findings, err := install(c, s, one.Values, one.as())
	if err == nil && len(findings) > 0 {
		err = fmt.Errorf("%s", summary(findings))
	}
	if err != nil {
		return err
	}
	for _, each := range made.pods {
		if each.part != "agent" {
			continue
		}
		flags := append(podFlags(each), containerFlags(&each.Spec.Containers[0])...)
		for _, variable := range made.environment(each.part) {
			flags = append(flags, "--env="+variable)
		}
		mounts, err := mountFlags(made, each, directory)
		if err != nil {
			return err
		}
		arguments := strings.Join(append(each.Spec.Containers[0].Args, ""), "\n")
		if err := os.WriteFile(filepath.Join(directory, "arguments"), []byte(arguments), 0o644); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(directory, "flags"), []byte(strings.Join(append(append(flags, mounts...), ""), "\n")), 0o644)
	}
	return fmt.Errorf("the case has no agents")
}

func podFlags(of *pod) (flags []string) {
	// As pods have it on cgroup v2.
	flags = append(flags, "--cgroupns=private")
	if of.Spec.HostPID {
		flags = append(flags, "--pid=host")
	}
	if of.Spec.HostNetwork {
		flags = append(flags, "--network=host")
	}
	switch profile := of.Spec.SecurityContext.SeccompProfile; profile.Type {
	case corev1.SeccompProfileTypeUnconfined:
		flags = append(flags, "--security-opt=seccomp=unconfined")
	case corev1.SeccompProfileTypeLocalhost:
		flags = append(flags, "--security-opt=seccomp=/var/lib/kubelet/seccomp/"+*profile.LocalhostProfile)
	}
	return flags
}

func containerFlags(of *corev1.Container) (flags []string) {
	context := of.SecurityContext
	flags = append(flags, fmt.Sprintf("--user=%d:%d", *context.RunAsUser, *context.RunAsGroup), "--cap-drop=ALL")
	for _, capability := range context.Capabilities.Add {
		flags = append(flags, "--cap-add="+string(capability))
	}
	if !*context.AllowPrivilegeEscalation {
		flags = append(flags, "--security-opt=no-new-privileges")
	}
	if *context.ReadOnlyRootFilesystem {
		flags = append(flags, "--read-only")
	}
	if *context.Privileged {
		flags = append(flags, "--privileged")
	}
	if profile := context.AppArmorProfile; profile != nil && profile.Type == corev1.AppArmorProfileTypeUnconfined {
		flags = append(flags, "--security-opt=apparmor=unconfined")
	}
	return append(flags,
		fmt.Sprintf("--memory=%d", of.Resources.Limits.Memory().Value()),
		fmt.Sprintf("--cpus=%g", of.Resources.Limits.Cpu().AsApproximateFloat64()))
}

func mountFlags(made *rendering, of *pod, directory string) (flags []string, err error) {
	sources := map[string]string{}
	for _, volume := range of.Spec.Volumes {
		switch {
		case volume.HostPath != nil:
			sources[volume.Name] = volume.HostPath.Path
		case volume.ConfigMap != nil:
			sources[volume.Name] = filepath.Join(directory, volume.Name)
			if err := os.MkdirAll(sources[volume.Name], 0o755); err != nil {
				return nil, err
			}
			for name, text := range made.object("ConfigMap/" + volume.ConfigMap.Name).typed.(*corev1.ConfigMap).Data {
				if err := os.WriteFile(filepath.Join(sources[volume.Name], name), []byte(text), 0o644); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, mount := range of.Spec.Containers[0].VolumeMounts {
		source, has := sources[mount.Name]
		if !has {
			continue
		}
		flag := fmt.Sprintf("--mount=type=bind,src=%s,dst=%s", source, mount.MountPath)
		if mount.ReadOnly {
			flag += ",readonly"
		}
		flags = append(flags, flag)
	}
	return flags, nil
}
