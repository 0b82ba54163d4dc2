package main

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// checkSelectors: whoever selects pods selects those of its own part, and nobody else's.
func checkSelectors(r *rendering, found *report) {
	for _, each := range all[*appsv1.DaemonSet](r) {
		selects(r, "DaemonSet/"+each.Name, each.Labels[componentLabel], each.Spec.Selector, found)
	}
	for _, each := range all[*appsv1.Deployment](r) {
		selects(r, "Deployment/"+each.Name, each.Labels[componentLabel], each.Spec.Selector, found)
		found.expect(each.Spec.Replicas != nil && *each.Spec.Replicas == 1, "Deployment/%s: more or fewer than one would take events twice, or never", each.Name)
		found.expect(each.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType, "Deployment/%s: two of it would run while it is replaced", each.Name)
	}
	for _, each := range all[*policyv1.PodDisruptionBudget](r) {
		selects(r, "PodDisruptionBudget/"+each.Name, each.Labels[componentLabel], each.Spec.Selector, found)
	}
	for _, each := range all[*networkingv1.NetworkPolicy](r) {
		selects(r, "NetworkPolicy/"+each.Name, each.Labels[componentLabel], &each.Spec.PodSelector, found)
	}
	for _, each := range all[*corev1.Service](r) {
		selects(r, "Service/"+each.Name, each.Labels[componentLabel], &metav1.LabelSelector{MatchLabels: each.Spec.Selector}, found)
		for _, port := range each.Spec.Ports {
			found.expect(hasPort(r, each.Labels[componentLabel], port.TargetPort.String()), "Service/%s: its pods have no port %s", each.Name, port.TargetPort.String())
		}
	}
	for _, each := range all[*podMonitor](r) {
		selects(r, "PodMonitor/"+each.Name, each.Labels[componentLabel], &each.Spec.Selector, found)
		for _, endpoint := range each.Spec.PodMetricsEndpoints {
			found.expect(hasPort(r, each.Labels[componentLabel], endpoint.Port), "PodMonitor/%s: its pods have no port %s", each.Name, endpoint.Port)
		}
	}
}

func selects(r *rendering, who, part string, by *metav1.LabelSelector, found *report) {
	selector, err := metav1.LabelSelectorAsSelector(by)
	found.expect(err == nil && !selector.Empty(), "%s: its selector is none: %v", who, err)
	if err != nil {
		return
	}
	for _, each := range r.pods {
		found.expect(selector.Matches(labels.Set(each.Labels)) == (each.part == part), "%s: selects the wrong pods: %s", who, each.owner)
	}
}

func hasPort(r *rendering, part, name string) bool {
	for _, each := range r.pods {
		if each.part != part {
			continue
		}
		for _, port := range each.Spec.Containers[0].Ports {
			if port.Name == name {
				return true
			}
		}
	}
	return false
}
