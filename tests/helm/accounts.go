package main

import (
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

// checkAccounts: pods run as accounts that exist, with a token only where the API server is asked.
func checkAccounts(r *rendering, found *report) {
	for _, each := range r.pods {
		account := each.Spec.ServiceAccountName
		create := value(r.values, each.part, "serviceAccount", "create") == true
		found.expect(create == (r.object("ServiceAccount/"+account) != nil), "%s: runs as ServiceAccount %s, which is made though it must not be, or the other way round", each.owner, account)
		asks := each.part == "agent" && isAsked(r)
		token := each.Spec.AutomountServiceAccountToken
		found.expect(token != nil && *token == asks, "%s: must have a token exactly if it asks the API server (%v)", each.owner, asks)
		links := each.Spec.EnableServiceLinks
		found.expect(links != nil && !*links, "%s: has variables of Services, which the agent may take for its own", each.owner)
	}
	for _, each := range all[*corev1.ServiceAccount](r) {
		found.expect(each.AutomountServiceAccountToken != nil && !*each.AutomountServiceAccountToken, "ServiceAccount/%s: hands its token to any pod", each.Name)
	}
}

// isAsked tells whether agents ask the API server: auto means so in a pod.
func isAsked(r *rendering) bool {
	enabled := value(r.configuration("agent"), "collectors", "kubernetes", "enabled")
	return enabled != false && enabled != "false"
}

// checkRoles: what docs/kubernetes.md says that it takes, to the letter, and for the agents' account alone.
func checkRoles(r *rendering, found *report) {
	bindings := all[*rbacv1.ClusterRoleBinding](r)
	roles := all[*rbacv1.ClusterRole](r)
	wanted := 0
	if value(r.values, "agent", "enabled") == true && value(r.values, "agent", "rbac", "create") == true && isAsked(r) {
		wanted = 1
	}
	found.expect(len(roles) == wanted && len(bindings) == wanted, "%d roles and %d bindings instead of %d", len(roles), len(bindings), wanted)
	for _, role := range roles {
		found.expect(role.AggregationRule == nil && len(role.Rules) == 1, "ClusterRole/%s: has more than one rule", role.Name)
		for _, rule := range role.Rules {
			found.expect(same(rule.APIGroups, "") && same(rule.Resources, "pods") && same(rule.Verbs, "list", "watch") && len(rule.NonResourceURLs) == 0 && len(rule.ResourceNames) == 0,
				"ClusterRole/%s: allows something else than to list and watch pods: %v", role.Name, rule)
		}
	}
	for _, binding := range bindings {
		found.expect(binding.RoleRef.Kind == "ClusterRole" && r.object("ClusterRole/"+binding.RoleRef.Name) != nil, "ClusterRoleBinding/%s: no such role: %s", binding.Name, binding.RoleRef.Name)
		found.expect(len(binding.Subjects) == 1, "ClusterRoleBinding/%s: is of %d subjects", binding.Name, len(binding.Subjects))
		for _, subject := range binding.Subjects {
			found.expect(subject.Kind == "ServiceAccount" && subject.Namespace == r.as.Namespace && subject.Name == accountOf(r, "agent"),
				"ClusterRoleBinding/%s: is not of the agents' account: %v", binding.Name, subject)
		}
	}
}

func accountOf(r *rendering, part string) string {
	for _, each := range r.pods {
		if each.part == part {
			return each.Spec.ServiceAccountName
		}
	}
	return ""
}

func same(have []string, want ...string) bool {
	if len(have) != len(want) {
		return false
	}
	for i := range have {
		if have[i] != want[i] {
			return false
		}
	}
	return true
}
