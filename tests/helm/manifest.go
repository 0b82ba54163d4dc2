package main

import (
	"errors"
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// object is one manifest: as the API's type, and as it is written.
type object struct {
	typed  metav1.Object
	raw    map[string]interface{}
	kind   string
	source string
}

func (o *object) name() string { return o.kind + "/" + o.typed.GetName() }

// kinds makes an object of each kind that the chart may have.
var kinds = map[string]func() metav1.Object{
	"v1 ConfigMap":                                    func() metav1.Object { return &corev1.ConfigMap{} },
	"v1 Secret":                                       func() metav1.Object { return &corev1.Secret{} },
	"v1 Service":                                      func() metav1.Object { return &corev1.Service{} },
	"v1 ServiceAccount":                               func() metav1.Object { return &corev1.ServiceAccount{} },
	"v1 PersistentVolumeClaim":                        func() metav1.Object { return &corev1.PersistentVolumeClaim{} },
	"apps/v1 DaemonSet":                               func() metav1.Object { return &appsv1.DaemonSet{} },
	"apps/v1 Deployment":                              func() metav1.Object { return &appsv1.Deployment{} },
	"policy/v1 PodDisruptionBudget":                   func() metav1.Object { return &policyv1.PodDisruptionBudget{} },
	"scheduling.k8s.io/v1 PriorityClass":              func() metav1.Object { return &schedulingv1.PriorityClass{} },
	"networking.k8s.io/v1 NetworkPolicy":              func() metav1.Object { return &networkingv1.NetworkPolicy{} },
	"rbac.authorization.k8s.io/v1 ClusterRole":        func() metav1.Object { return &rbacv1.ClusterRole{} },
	"rbac.authorization.k8s.io/v1 ClusterRoleBinding": func() metav1.Object { return &rbacv1.ClusterRoleBinding{} },
	"monitoring.coreos.com/v1 ServiceMonitor":         func() metav1.Object { return &serviceMonitor{} },
	"monitoring.coreos.com/v1 PodMonitor":             func() metav1.Object { return &podMonitor{} },
	"monitoring.coreos.com/v1 PrometheusRule":         func() metav1.Object { return &prometheusRule{} },
}

// clusterWide are kinds whose objects are in no namespace.
var clusterWide = map[string]bool{"PriorityClass": true, "ClusterRole": true, "ClusterRoleBinding": true}

// decode reads the manifests that a template made, strictly: a field that the API's type has not, one that is there twice, or of another
// type, is an error, as it is for kubectl with --validate=strict.
func decode(source, text string) (objects []*object, findings []string) {
	for _, document := range strings.Split("\n"+text, "\n---") {
		if isBlank(document) {
			continue
		}
		var raw map[string]interface{}
		if err := yaml.UnmarshalStrict([]byte(document), &raw); err != nil {
			findings = append(findings, fmt.Sprintf("%s: no YAML: %v", source, err))
			continue
		}
		kind, _ := raw["kind"].(string)
		make, known := kinds[fmt.Sprintf("%v %s", raw["apiVersion"], kind)]
		if !known {
			findings = append(findings, fmt.Sprintf("%s: %v %s: an API or a kind that this chart has no business with", source, raw["apiVersion"], kind))
			continue
		}
		each := &object{make(), raw, kind, source}
		if err := strictly([]byte(document), each.typed); err != nil {
			findings = append(findings, fmt.Sprintf("%s: %s: %v", source, kind, err))
			continue
		}
		findings = append(findings, nulls(each.name(), raw)...)
		objects = append(objects, each)
	}
	return objects, findings
}

// strictly reads as the API server does, to whom hostPID and hostPid are two fields; Go's own decoder takes one for the other.
func strictly(document []byte, into interface{}) error {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return err
	}
	complaints, err := json.UnmarshalStrict(text, into)
	return errors.Join(append(complaints, err)...)
}

func isBlank(document string) bool {
	for _, line := range strings.Split(document, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return false
		}
	}
	return true
}

// nulls finds keys without a value: what a template left out of a section that it began.
func nulls(at string, value interface{}) (findings []string) {
	switch value := value.(type) {
	case nil:
		return []string{at + ": has no value"}
	case map[string]interface{}:
		for key, each := range value {
			findings = append(findings, nulls(at+" "+key, each)...)
		}
	case []interface{}:
		for i, each := range value {
			findings = append(findings, nulls(fmt.Sprintf("%s %d", at, i), each)...)
		}
	}
	return findings
}
