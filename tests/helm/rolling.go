package main

import "sort"

// checkRolling: pods are replaced exactly when what they read only at their start has changed.
func checkRolling(c *chart, s *schema, cases map[string]*testCase, found *report) {
	whole := cases["everything"].Values
	c = c.withFiles(cases["everything"].Files)
	for _, each := range []struct {
		change   map[string]interface{}
		replaces []string
	}{
		{map[string]interface{}{}, nil},
		{map[string]interface{}{"config": map[string]interface{}{"otlp": map[string]interface{}{"interval": "77s"}}}, []string{"agent", "vcenter"}},
		{map[string]interface{}{"agent": map[string]interface{}{"config": map[string]interface{}{"workloads": map[string]interface{}{"max": 77}}}}, []string{"agent"}},
		{map[string]interface{}{"vcenter": map[string]interface{}{"config": map[string]interface{}{"collectors": map[string]interface{}{"timeout": "7s"}}}}, []string{"vcenter"}},
		{map[string]interface{}{"otlpHeaders": map[string]interface{}{"api-key": "another one"}}, []string{"agent", "vcenter"}},
		{map[string]interface{}{"metrics": map[string]interface{}{"scrape": map[string]interface{}{"interval": "7s"}}}, nil},
		{map[string]interface{}{"commonLabels": map[string]interface{}{}}, nil},
	} {
		changed := copied(whole)
		overlay(changed, copied(each.change))
		before, _, err := install(c, s, whole, cases["everything"].as())
		found.expect(err == nil, "%v", err)
		after, _, err := install(c, s, changed, cases["everything"].as())
		found.expect(err == nil, "%v", err)
		if before == nil || after == nil {
			return
		}
		var replaced []string
		for i := range before.pods {
			if before.pods[i].PodTemplateSpec.String() != after.pods[i].PodTemplateSpec.String() {
				replaced = append(replaced, before.pods[i].part)
			}
		}
		sort.Strings(replaced)
		found.expect(same(replaced, each.replaces...), "a change of %v replaces pods of %v instead of %v", each.change, replaced, each.replaces)
	}
}
