package main

import (
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// checkVolumes: what is mounted is there, what is there is mounted, and what it comes from is made by the chart or named in the values.
func checkVolumes(r *rendering, found *report) {
	for _, each := range r.pods {
		volumes := map[string]bool{}
		for _, volume := range each.Spec.Volumes {
			found.expect(!volumes[volume.Name], "%s: volume %s is there twice", each.owner, volume.Name)
			volumes[volume.Name] = true
			checkVolume(r, each, volume, found)
		}
		mounted := map[string]bool{}
		places := map[string]bool{}
		for _, container := range each.Spec.Containers {
			for _, mount := range container.VolumeMounts {
				mounted[mount.Name] = true
				found.expect(volumes[mount.Name], "%s: mounts %s, which is no volume of it", each.owner, mount.Name)
				found.expect(!places[mount.MountPath], "%s: mounts two volumes at %s", each.owner, mount.MountPath)
				places[mount.MountPath] = true
				found.expect(path.IsAbs(mount.MountPath), "%s: mounts %s nowhere in particular: %s", each.owner, mount.Name, mount.MountPath)
			}
		}
		for name := range volumes {
			found.expect(mounted[name], "%s: volume %s is not mounted", each.owner, name)
		}
		for at := range places {
			for other := range places {
				found.expect(at == other || !strings.HasPrefix(at, other+"/"), "%s: a volume is mounted within another, read-only one: %s", each.owner, at)
			}
		}
	}
}

func checkVolume(r *rendering, of *pod, volume corev1.Volume, found *report) {
	switch {
	case volume.ConfigMap != nil:
		checkConfigMap(r, of, volume.ConfigMap.Name, volume.ConfigMap.Items, found)
	case volume.Secret != nil:
		checkSecret(r, of, volume.Secret.SecretName, volume.Secret.Items, found)
	case volume.Projected != nil:
		targets := map[string]bool{}
		for _, source := range volume.Projected.Sources {
			var items []corev1.KeyToPath
			switch {
			case source.Secret != nil:
				items = source.Secret.Items
				checkSecret(r, of, source.Secret.Name, items, found)
			case source.ConfigMap != nil:
				items = source.ConfigMap.Items
				checkConfigMap(r, of, source.ConfigMap.Name, items, found)
			}
			for _, item := range items {
				found.expect(!targets[item.Path], "%s: volume %s has two files %s", of.owner, volume.Name, item.Path)
				targets[item.Path] = true
			}
		}
		checkCredentialFiles(r, of, targets, found)
	case volume.PersistentVolumeClaim != nil:
		claim := volume.PersistentVolumeClaim.ClaimName
		found.expect(r.object("PersistentVolumeClaim/"+claim) != nil || claim == value(r.values, "vcenter", "persistence", "existingClaim"), "%s: no claim %s", of.owner, claim)
	}
}

func checkConfigMap(r *rendering, of *pod, name string, items []corev1.KeyToPath, found *report) {
	made := r.object("ConfigMap/" + name)
	found.expect(made != nil, "%s: no ConfigMap %s", of.owner, name)
	if made == nil {
		return
	}
	for _, item := range items {
		_, has := made.typed.(*corev1.ConfigMap).Data[item.Key]
		found.expect(has, "%s: ConfigMap %s has no key %s", of.owner, name, item.Key)
	}
}

func checkSecret(r *rendering, of *pod, name string, items []corev1.KeyToPath, found *report) {
	made := r.object("Secret/" + name)
	if made == nil {
		found.expect(isNamed(r.values, name), "%s: no Secret %s, nor do the values name it", of.owner, name)
		return
	}
	for _, item := range items {
		found.expect(len(made.typed.(*corev1.Secret).Data[item.Key]) > 0, "%s: Secret %s has no key %s", of.owner, name, item.Key)
	}
}

// checkCredentialFiles: every file that the configuration of an endpoint names is in the volume.
func checkCredentialFiles(r *rendering, of *pod, targets map[string]bool, found *report) {
	endpoints, _ := value(r.configuration(of.part), "collectors", "vcenter", "endpoints").([]interface{})
	for _, each := range endpoints {
		for key, file := range each.(map[string]interface{}) {
			if strings.HasSuffix(key, "File") {
				found.expect(targets[strings.TrimPrefix(file.(string), "/etc/observe-vcenter/")], "%s: nothing is mounted at %s, the %s of an endpoint", of.owner, file, key)
			}
		}
	}
}

// isNamed tells whether a text stands somewhere in the values: an object of the user's.
func isNamed(in interface{}, name string) bool {
	switch in := in.(type) {
	case string:
		return in == name
	case map[string]interface{}:
		for _, each := range in {
			if isNamed(each, name) {
				return true
			}
		}
	case []interface{}:
		for _, each := range in {
			if isNamed(each, name) {
				return true
			}
		}
	}
	return false
}
