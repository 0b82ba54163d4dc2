package main

import (
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var (
	reference = regexp.MustCompile(`\$\(([A-Za-z_][A-Za-z0-9_]*)\)`)
	digest    = regexp.MustCompile(`@sha256:[0-9a-f]{64}$`)
	tag       = regexp.MustCompile(`:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
)

// checkContainers: one container, of a version that can be told, with bounds, asked how it is, and told nothing twice.
func checkContainers(r *rendering, found *report) {
	for _, each := range r.pods {
		found.expect(len(each.Spec.Containers) == 1 && len(each.Spec.InitContainers) == 0, "%s: has other containers than the agent's", each.owner)
		for i := range each.Spec.Containers {
			checkContainer(each, &each.Spec.Containers[i], found)
		}
		grace := each.Spec.TerminationGracePeriodSeconds
		found.expect(grace != nil && *grace >= 2, "%s: a stop takes 2 s and is given less", each.owner)
	}
}

func checkContainer(of *pod, container *corev1.Container, found *report) {
	image := container.Image
	found.expect(digest.MatchString(image) || (tag.MatchString(image) && !strings.HasSuffix(image, ":latest")), "%s: nobody can tell which version %q is", of.owner, image)
	found.expect(same(container.Args, "run", "--config", "/etc/observe/observe.yaml"), "%s: is not started as the agent is: %v", of.owner, container.Args)
	for _, resource := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		limit, limited := container.Resources.Limits[resource]
		request, requested := container.Resources.Requests[resource]
		found.expect(limited && !limit.IsZero(), "%s: has no limit of %s", of.owner, resource)
		found.expect(requested && !request.IsZero() && request.Cmp(limit) <= 0, "%s: asks for no %s, or more than its limit", of.owner, resource)
	}
	for name, probe := range map[string]*corev1.Probe{"/healthz startup": container.StartupProbe, "/healthz liveness": container.LivenessProbe, "/readyz readiness": container.ReadinessProbe} {
		path, kind, _ := strings.Cut(name, " ")
		found.expect(probe != nil && probe.HTTPGet != nil && probe.HTTPGet.Path == path && probe.HTTPGet.Port.String() == "metrics" && probe.PeriodSeconds > 0,
			"%s: its %s is not asked for at %s of the port metrics", of.owner, kind, path)
	}
	checkEnvironment(of, container.Env, found)
}

// checkEnvironment: each variable once, and what a variable refers to before it, or Kubernetes leaves the reference as it is.
func checkEnvironment(of *pod, variables []corev1.EnvVar, found *report) {
	known := map[string]bool{}
	for _, variable := range variables {
		found.expect(!known[variable.Name], "%s: variable %s is there twice", of.owner, variable.Name)
		for _, match := range reference.FindAllStringSubmatch(variable.Value, -1) {
			found.expect(known[match[1]], "%s: variable %s refers to %s, which is not before it", of.owner, variable.Name, match[1])
		}
		known[variable.Name] = true
	}
	found.expect(known["DOTNET_EnableDiagnostics"], "%s: the runtime makes a socket in a file system that is read-only", of.owner)
	if of.part == "agent" {
		found.expect(known["NODE_NAME"], "%s: does not know its node's name", of.owner)
	}
}
