package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The Prometheus operator's types, as far as the chart uses them: a field that is not here fails the test until somebody has looked it up in
// the operator's API reference (monitoring.coreos.com/v1).

type relabeling struct {
	SourceLabels []string `json:"sourceLabels,omitempty"`
	Separator    *string  `json:"separator,omitempty"`
	TargetLabel  string   `json:"targetLabel,omitempty"`
	Regex        string   `json:"regex,omitempty"`
	Modulus      uint64   `json:"modulus,omitempty"`
	Replacement  *string  `json:"replacement,omitempty"`
	Action       string   `json:"action,omitempty"`
}

type scrapeEndpoint struct {
	Port              string       `json:"port,omitempty"`
	Path              string       `json:"path,omitempty"`
	Interval          string       `json:"interval,omitempty"`
	ScrapeTimeout     string       `json:"scrapeTimeout,omitempty"`
	Relabelings       []relabeling `json:"relabelings,omitempty"`
	MetricRelabelings []relabeling `json:"metricRelabelings,omitempty"`
}

type monitorSpec struct {
	Selector          metav1.LabelSelector `json:"selector"`
	NamespaceSelector struct {
		MatchNames []string `json:"matchNames,omitempty"`
	} `json:"namespaceSelector,omitempty"`
	ScrapeProtocols []string `json:"scrapeProtocols,omitempty"`
}

type serviceMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              struct {
		monitorSpec `json:",inline"`
		Endpoints   []scrapeEndpoint `json:"endpoints"`
	} `json:"spec"`
}

type podMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              struct {
		monitorSpec         `json:",inline"`
		PodMetricsEndpoints []scrapeEndpoint `json:"podMetricsEndpoints"`
	} `json:"spec"`
}

type rule struct {
	Record        string            `json:"record,omitempty"`
	Alert         string            `json:"alert,omitempty"`
	Expr          string            `json:"expr"`
	For           string            `json:"for,omitempty"`
	KeepFiringFor string            `json:"keep_firing_for,omitempty"`
	Labels        map[string]string `json:"labels,omitempty"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

type prometheusRule struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              struct {
		Groups []struct {
			Name     string            `json:"name"`
			Interval string            `json:"interval,omitempty"`
			Limit    int               `json:"limit,omitempty"`
			Labels   map[string]string `json:"labels,omitempty"`
			Rules    []rule            `json:"rules"`
		} `json:"groups"`
	} `json:"spec"`
}
