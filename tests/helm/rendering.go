package main

import (
	"fmt"
	"sort"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// rendering is everything that one set of values makes of the chart.
type rendering struct {
	as      release
	values  map[string]interface{}
	texts   map[string]string // by template
	objects []*object
	pods    []*pod
}

// pod is the template of a workload's pods.
type pod struct {
	owner string // DaemonSet/observe-agent
	part  string // agent or vcenter
	*corev1.PodTemplateSpec
}

// install does what Helm does with values, up to where it would talk to the cluster, and says what is wrong with the result.
func install(c *chart, s *schema, given map[string]interface{}, as release) (*rendering, []string, error) {
	values := coalesce(c.values, given)
	if err := s.check(values); err != nil {
		return nil, nil, err
	}
	texts, err := c.render(values, as)
	if err != nil {
		return nil, nil, err
	}
	made := &rendering{as: as, values: values, texts: texts}
	var findings []string
	for _, source := range sortedKeys(texts) {
		if strings.HasSuffix(source, "NOTES.txt") {
			continue
		}
		objects, wrong := decode(source, texts[source])
		made.objects = append(made.objects, objects...)
		findings = append(findings, wrong...)
	}
	for _, each := range made.objects {
		switch typed := each.typed.(type) {
		case *appsv1.DaemonSet:
			made.pods = append(made.pods, &pod{each.name(), typed.Labels[componentLabel], &typed.Spec.Template})
		case *appsv1.Deployment:
			made.pods = append(made.pods, &pod{each.name(), typed.Labels[componentLabel], &typed.Spec.Template})
		}
	}
	return made, findings, nil
}

// all are the objects of one type.
func all[T any](r *rendering) (found []T) {
	for _, each := range r.objects {
		if typed, is := each.typed.(T); is {
			found = append(found, typed)
		}
	}
	return found
}

func (r *rendering) names() (names []string) {
	for _, each := range r.objects {
		names = append(names, each.name())
	}
	sort.Strings(names)
	return names
}

func (r *rendering) object(name string) *object {
	for _, each := range r.objects {
		if each.name() == name {
			return each
		}
	}
	return nil
}

// configurations are the agent's, by part, as their pods see them.
func (r *rendering) configurations() map[string]string {
	found := map[string]string{}
	for _, each := range all[*corev1.ConfigMap](r) {
		if config, is := each.Data["observe.yaml"]; is {
			found[each.Labels[componentLabel]] = config
		}
	}
	return found
}

// environment are the variables of a part's container, as Kubernetes sets them on node-1; those of Secrets that the chart does not make are left out.
func (r *rendering) environment(part string) (variables []string) {
	known := strings.NewReplacer("$(NODE_NAME)", "node-1")
	for _, pod := range r.pods {
		if pod.part != part {
			continue
		}
		for _, each := range pod.Spec.Containers[0].Env {
			text := known.Replace(each.Value)
			switch from := each.ValueFrom; {
			case from != nil && from.FieldRef != nil:
				text = "node-1"
			case from != nil && from.SecretKeyRef != nil:
				secret := r.object("Secret/" + from.SecretKeyRef.Name)
				if secret == nil {
					continue
				}
				text = string(secret.typed.(*corev1.Secret).Data[from.SecretKeyRef.Key])
			}
			variables = append(variables, each.Name+"="+text)
		}
	}
	return variables
}

func (r *rendering) configuration(part string) map[string]interface{} {
	var config map[string]interface{}
	if err := yaml.UnmarshalStrict([]byte(r.configurations()[part]), &config); err != nil {
		return map[string]interface{}{"error": err.Error()}
	}
	return config
}

// value is what stands at a path in values or a configuration; nil if nothing does.
func value(in map[string]interface{}, path ...string) interface{} {
	var at interface{} = in
	for _, key := range path {
		section, is := at.(map[string]interface{})
		if !is {
			return nil
		}
		at = section[key]
	}
	return at
}

func sortedKeys[T any](of map[string]T) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// report collects what checks find.
type report struct {
	findings []string
	looked   int
}

// expect counts one thing that was looked at, and notes it if it is not so.
func (r *report) expect(holds bool, format string, arguments ...interface{}) {
	r.looked++
	if !holds {
		r.findings = append(r.findings, fmt.Sprintf(format, arguments...))
	}
}
