package main

import (
	"fmt"
	"net/url"

	networkingv1 "k8s.io/api/networking/v1"
)

// checkNetwork: a policy for each part that closes both ways but for what is configured.
func checkNetwork(r *rendering, found *report) {
	policies := map[string]*networkingv1.NetworkPolicy{}
	for _, each := range all[*networkingv1.NetworkPolicy](r) {
		policies[each.Labels[componentLabel]] = each
	}
	if value(r.values, "networkPolicy", "enabled") != true {
		found.expect(len(policies) == 0, "%d network policies that nobody asked for", len(policies))
		return
	}
	for _, each := range r.pods {
		policy := policies[each.part]
		found.expect(policy != nil && len(policy.Spec.PolicyTypes) == 2, "%s: no policy closes both ways to it", each.owner)
		if policy == nil {
			continue
		}
		for _, rule := range policy.Spec.Ingress {
			found.expect(len(rule.From) > 0 && len(rule.Ports) == 1 && rule.Ports[0].Port.IntValue() == number(value(r.values, "port")), "%s: may be connected to from anywhere, or elsewhere than at its port", each.owner)
		}
		for _, rule := range policy.Spec.Egress {
			found.expect(len(rule.To) > 0 && len(rule.Ports) > 0, "%s: may connect to anywhere, or to any port", each.owner)
			for _, port := range rule.Ports {
				found.expect(port.Port != nil && port.Protocol != nil, "%s: may connect to any port", each.owner)
			}
		}
		for what, at := range destinations(r, each.part) {
			found.expect(isOpen(policy, at), "%s: may not connect to %s, %s", each.owner, at, what)
		}
	}
}

// destinations are what a part connects to by its configuration, as PROTOCOL:PORT.
func destinations(r *rendering, part string) map[string]string {
	config := r.configuration(part)
	found := map[string]string{"names": "UDP:53"}
	if part == "agent" && isAsked(r) {
		found["the API server"] = "TCP:443"
	}
	for _, signal := range []string{"otlp", "traces"} {
		if endpoint, is := value(config, signal, "endpoint").(string); is {
			found[endpoint] = portOf(endpoint)
		}
	}
	endpoints, _ := value(config, "collectors", "vcenter", "endpoints").([]interface{})
	for _, each := range endpoints {
		endpoint := each.(map[string]interface{})
		if proxy, is := endpoint["proxy"].(string); is {
			found[proxy] = portOf(proxy)
		} else {
			found[endpoint["url"].(string)] = portOf(endpoint["url"].(string))
		}
	}
	return found
}

func portOf(address string) string {
	parsed, err := url.Parse(address)
	switch {
	case err != nil:
		return err.Error()
	case parsed.Port() != "":
		return "TCP:" + parsed.Port()
	case parsed.Scheme == "https":
		return "TCP:443"
	default:
		return "TCP:80"
	}
}

func isOpen(policy *networkingv1.NetworkPolicy, at string) bool {
	for _, rule := range policy.Spec.Egress {
		for _, port := range rule.Ports {
			if port.Port != nil && port.Protocol != nil && fmt.Sprintf("%s:%s", *port.Protocol, port.Port.String()) == at {
				return true
			}
		}
	}
	return false
}

func number(value interface{}) int {
	float, _ := value.(float64)
	return int(float)
}
