{{/*
The agent's configuration, as each part runs with it: `config`, over it the part's own `config`, over both what the chart sets.
*/}}

{{/*
(list UNDER OVER): writes OVER into UNDER, sections into sections, everything else in place of what was there. Sprig's own
function leaves false and 0 out.
*/}}
{{- define "observe.overlay" -}}
{{- $under := index . 0 -}}
{{- range $key, $over := index . 1 -}}
{{- $old := get $under $key -}}
{{- if and (kindIs "map" $over) (kindIs "map" $old) -}}
{{- include "observe.overlay" (list $old $over) -}}
{{- else -}}
{{- $_ := set $under $key $over -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "observe.config.otlpTls" -}}
{{- with .Values.otlpTls -}}
{{- if .secretName }}
otlp:
  {{- if .authority }}
  certificate: /etc/observe-otlp/ca.crt
  {{- end }}
  {{- if .clientCertificate }}
  clientCertificate: /etc/observe-otlp/tls.crt
  clientKey: /etc/observe-otlp/tls.key
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "observe.config.agent" -}}
{{- $config := deepCopy .Values.config -}}
{{- include "observe.overlay" (list $config (deepCopy .Values.agent.config)) -}}
{{- include "observe.overlay" (list $config (include "observe.config.otlpTls" . | fromYaml)) -}}
{{- $chart := dict "listen" (printf ":%d" (int .Values.port)) "collectors" (dict "cgroup" (dict "root" "/host/sys/fs/cgroup")) -}}
{{- include "observe.overlay" (list $config $chart) -}}
{{- toYaml $config -}}
{{- end }}

{{- define "observe.config.vcenter" -}}
{{- $config := deepCopy .Values.config -}}
{{- include "observe.overlay" (list $config (deepCopy .Values.vcenter.config)) -}}
{{- include "observe.overlay" (list $config (include "observe.config.otlpTls" . | fromYaml)) -}}
{{- $endpoints := list -}}
{{- range $index, $endpoint := .Values.vcenter.endpoints -}}
{{- $endpoints = append $endpoints (include "observe.config.endpoint" (dict "index" $index "endpoint" $endpoint) | fromYaml) -}}
{{- end -}}
{{- $chart := include "observe.config.vcenterOnly" . | fromYaml -}}
{{- $_ := set $chart "listen" (printf ":%d" (int .Values.port)) -}}
{{- $_ := set $chart.collectors.vcenter "endpoints" $endpoints -}}
{{- include "observe.overlay" (list $config $chart) -}}
{{- toYaml $config -}}
{{- end }}

{{/* Nothing of the node that it happens to be on: that is the agents' part, and takes privileges. */}}
{{- define "observe.config.vcenterOnly" -}}
collectors:
  sched: {enabled: false}
  cgroup: {enabled: false}
  kvm: {tier: "off"}
  docker: {enabled: false}
  kubernetes: {enabled: false}
  vcenter: {stateDirectory: /var/lib/observe}
traces: {stalls: false}
{{- end }}

{{/* An endpoint with its credentials as files, below a directory of its own. */}}
{{- define "observe.config.endpoint" -}}
{{- $directory := printf "/etc/observe-vcenter/%d" (int .index) -}}
{{- with .endpoint -}}
url: {{ .url | quote }}
{{- with .name }}
name: {{ . | quote }}
{{- end }}
{{- if .username }}
username: {{ .username | quote }}
{{- else }}
usernameFile: {{ $directory }}/username
{{- end }}
passwordFile: {{ $directory }}/password
{{- if or .ca .caKey }}
caFile: {{ $directory }}/ca.crt
{{- end }}
{{- with .pin }}
pin: {{ . | quote }}
{{- end }}
{{- if .insecure }}
insecure: true
{{- end }}
{{- with .proxy }}
proxy: {{ . | quote }}
{{- end }}
{{- end -}}
{{- end }}
