package main

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// checkMonitors: a monitor finds the Service of its part and no other, at a port that it has; everything is scraped once.
func checkMonitors(r *rendering, found *report) {
	monitors := all[*serviceMonitor](r)
	found.expect(len(monitors) == 0 || len(all[*podMonitor](r)) == 0, "everything is scraped twice")
	for _, each := range monitors {
		selector, err := metav1.LabelSelectorAsSelector(&each.Spec.Selector)
		found.expect(err == nil, "ServiceMonitor/%s: its selector is none: %v", each.Name, err)
		if err != nil {
			continue
		}
		for _, service := range all[*corev1.Service](r) {
			ours := selector.Matches(labels.Set(service.Labels))
			found.expect(ours == (service.Labels[componentLabel] == each.Labels[componentLabel]), "ServiceMonitor/%s: scrapes the wrong Service: %s", each.Name, service.Name)
			for _, endpoint := range each.Spec.Endpoints {
				found.expect(!ours || hasServicePort(service, endpoint.Port), "ServiceMonitor/%s: Service %s has no port %s", each.Name, service.Name, endpoint.Port)
			}
		}
		found.expect(same(each.Spec.NamespaceSelector.MatchNames, r.as.Namespace), "ServiceMonitor/%s: looks in other namespaces", each.Name)
	}
	for _, each := range all[*prometheusRule](r) {
		found.expect(len(each.Spec.Groups) > 0, "PrometheusRule/%s: has no groups", each.Name)
		for _, group := range each.Spec.Groups {
			for _, rule := range group.Rules {
				found.expect((rule.Alert == "") != (rule.Record == "") && rule.Expr != "", "PrometheusRule/%s: a rule of %s is neither an alert nor a record", each.Name, group.Name)
			}
		}
	}
}

func hasServicePort(service *corev1.Service, name string) bool {
	for _, port := range service.Spec.Ports {
		if port.Name == name {
			return true
		}
	}
	return false
}
