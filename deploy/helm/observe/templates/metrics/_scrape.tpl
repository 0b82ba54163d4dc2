{{/* How one endpoint is scraped: what monitors of Services and of pods have in common. */}}
{{- define "observe.scrape" -}}
{{- $scrape := .root.Values.metrics.scrape -}}
- port: metrics
  path: /metrics
  {{- with $scrape.interval }}
  interval: {{ . }}
  {{- end }}
  {{- with $scrape.timeout }}
  scrapeTimeout: {{ . }}
  {{- end }}
  relabelings:
    {{- if eq .part "agent" }}
    # An agent is its node: a pod that is replaced goes on with the same series.
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: instance
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: node
    {{- else }}
    - targetLabel: instance
      replacement: {{ include "observe.part" . }}
    {{- end }}
    {{- with .root.Values.clusterName }}
    - targetLabel: cluster
      replacement: {{ . | quote }}
    {{- end }}
    {{- with $scrape.relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $scrape.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "observe.monitor" -}}
metadata:
  name: {{ include "observe.part" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "observe.labels" . | nindent 4 }}
    {{- with .root.Values.metrics.scrape.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "observe.monitorSpec" -}}
selector:
  matchLabels:
    {{- include "observe.selectorLabels" . | nindent 4 }}
namespaceSelector:
  matchNames: [{{ .root.Release.Namespace | quote }}]
{{- with .root.Values.metrics.scrape.protocols }}
scrapeProtocols:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
