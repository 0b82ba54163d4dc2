package main

import (
	"k8s.io/apimachinery/pkg/util/validation"
)

const componentLabel = "app.kubernetes.io/component"

var recommendedLabels = []string{
	"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/part-of", "app.kubernetes.io/managed-by", "helm.sh/chart",
}

// checkMetadata: names that the API takes, each once; the namespace of the release; the labels that Kubernetes recommends.
func checkMetadata(r *rendering, found *report) {
	seen := map[string]bool{}
	for _, each := range r.objects {
		name := each.name()
		found.expect(!seen[name], "%s: is there twice", name)
		seen[name] = true
		found.expect(len(validation.IsDNS1123Subdomain(each.typed.GetName())) == 0, "%s: the name is no DNS subdomain", name)
		if each.kind == "Service" {
			found.expect(len(validation.IsDNS1035Label(each.typed.GetName())) == 0, "%s: the name is no DNS label", name)
		}
		if clusterWide[each.kind] {
			found.expect(each.typed.GetNamespace() == "", "%s: has a namespace, but objects of its kind have none", name)
		} else {
			found.expect(each.typed.GetNamespace() == r.as.Namespace, "%s: is in namespace %q and not in the release's", name, each.typed.GetNamespace())
		}
		for _, label := range recommendedLabels {
			found.expect(each.typed.GetLabels()[label] != "", "%s: has no label %s", name, label)
		}
		checkLabels(name, each.typed.GetLabels(), found)
		checkAnnotations(name, each.typed.GetAnnotations(), found)
	}
	for _, each := range r.pods {
		checkLabels(each.owner+" pods", each.Labels, found)
		checkAnnotations(each.owner+" pods", each.Annotations, found)
		found.expect(each.Annotations["checksum/config"] != "", "%s: a change of the configuration does not replace its pods", each.owner)
	}
}

func checkLabels(of string, labels map[string]string, found *report) {
	for key, text := range labels {
		found.expect(len(validation.IsQualifiedName(key)) == 0, "%s: label %q is no qualified name", of, key)
		found.expect(len(validation.IsValidLabelValue(text)) == 0, "%s: label %s has no label's value: %q", of, key, text)
	}
}

func checkAnnotations(of string, annotations map[string]string, found *report) {
	for key := range annotations {
		found.expect(len(validation.IsQualifiedName(key)) == 0, "%s: annotation %q is no qualified name", of, key)
	}
}
