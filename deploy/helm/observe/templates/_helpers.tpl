{{/* Names, labels and what the pods have in common. Templates take (dict "root" $ "part" "agent") where a part matters. */}}

{{- define "observe.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 54 | trimSuffix "-" -}}
{{- end }}

{{/* Of 54 characters at most: the longest suffix, -vcenter, still makes a DNS label of 63. */}}
{{- define "observe.fullname" -}}
{{- $name := include "observe.name" . -}}
{{- $full := .Values.fullnameOverride | default (contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name)) -}}
{{- $full | trunc 54 | trimSuffix "-" -}}
{{- end }}

{{- define "observe.part" -}}
{{- printf "%s-%s" (include "observe.fullname" .root) .part -}}
{{- end }}

{{/* Objects outside of namespaces: two releases of one name in two namespaces must not share them. */}}
{{- define "observe.clusterName" -}}
{{- printf "%s-%s" .Release.Namespace (include "observe.fullname" .) -}}
{{- end }}

{{/* What a selector goes by: never changes in the life of a release. */}}
{{- define "observe.selectorLabels" -}}
app.kubernetes.io/name: {{ include "observe.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{/* Without a part: of what belongs to both. */}}
{{- define "observe.labels" -}}
{{- with .root.Values.commonLabels }}
{{- toYaml . }}
{{ end -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/name: {{ include "observe.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- with .part }}
app.kubernetes.io/component: {{ . }}
{{- end }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | replace "+" "_" | trunc 63 | quote }}
app.kubernetes.io/part-of: observe
app.kubernetes.io/managed-by: {{ .root.Release.Service | quote }}
{{- end }}

{{- define "observe.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- if eq $tag "latest" }}{{ fail "image.tag: latest says not which version runs; give a version, or image.digest" }}{{ end -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository $tag -}}
{{- end -}}
{{- end }}

{{- define "observe.serviceAccountName" -}}
{{- $account := (index .root.Values .part).serviceAccount -}}
{{- if $account.create }}{{ $account.name | default (include "observe.part" .) }}{{ else }}{{ $account.name | default "default" }}{{ end -}}
{{- end }}

{{- define "observe.priorityClassName" -}}
{{- .Values.priorityClass.name | default (include "observe.clusterName" .) -}}
{{- end }}

{{- define "observe.probes" -}}
{{- $values := index .root.Values .part -}}
startupProbe:
  httpGet: {path: /healthz, port: metrics}
  {{- toYaml $values.startupProbe | nindent 2 }}
livenessProbe:
  httpGet: {path: /healthz, port: metrics}
  {{- toYaml $values.livenessProbe | nindent 2 }}
readinessProbe:
  httpGet: {path: /readyz, port: metrics}
  {{- toYaml $values.readinessProbe | nindent 2 }}
{{- end }}

{{/* Annotations of a pod: what it was configured with, so that a change of that replaces it. */}}
{{- define "observe.podAnnotations" -}}
checksum/config: {{ include (printf "observe.config.%s" .part) .root | sha256sum }}
{{- with .root.Values.otlpHeaders }}
checksum/otlp-headers: {{ toJson . | sha256sum }}
{{- end }}
{{- if .root.Values.metrics.scrapeAnnotations }}
prometheus.io/scrape: "true"
prometheus.io/port: {{ .root.Values.port | int | quote }}
prometheus.io/path: /metrics
{{- end }}
{{- with (index .root.Values .part).podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Environment of both. The agent takes a variable OBSERVE_... that it does not know for a mistake. */}}
{{- define "observe.env" -}}
{{- $taken := list "NODE_NAME" "OTEL_RESOURCE_ATTRIBUTES" "OTEL_EXPORTER_OTLP_HEADERS" "DOTNET_EnableDiagnostics" "OBSERVE_CONFIG" "OBSERVE_LISTEN" "OBSERVE_COLLECTORS__CGROUP__ROOT" "OBSERVE_COLLECTORS__VCENTER__STATEDIRECTORY" -}}
{{- $part := .part -}}
{{- range (index .root.Values .part).extraEnv -}}
{{- if has .name $taken }}{{ fail (printf "%s.extraEnv: %s is the chart's own: docs/install-kubernetes.md says which value sets it" $part .name) }}{{ end -}}
{{- end -}}
# The runtime's socket for debuggers and profilers is a file in /tmp, which is read-only.
- name: DOTNET_EnableDiagnostics
  value: "0"
{{- if or .root.Values.otlpHeaders .root.Values.otlpHeadersSecret.name }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom:
    secretKeyRef:
      {{- if .root.Values.otlpHeaders }}
      name: {{ include "observe.part" (dict "root" .root "part" "otlp") }}
      key: headers
      {{- else }}
      name: {{ .root.Values.otlpHeadersSecret.name }}
      key: {{ .root.Values.otlpHeadersSecret.key }}
      {{- end }}
{{- end }}
{{- with (index .root.Values .part).extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What security modules of the node are told of a container; nothing unless values say something. */}}
{{- define "observe.confinement" -}}
{{- $values := index .root.Values .part -}}
{{- $part := .part -}}
{{- with $values.appArmorProfile }}
{{- if semverCompare "<1.30.0-0" $.root.Capabilities.KubeVersion.Version }}{{ fail (printf "%s.appArmorProfile: takes Kubernetes 1.30; before, %s.podAnnotations container.apparmor.security.beta.kubernetes.io/observe" $part $part) }}{{ end -}}
appArmorProfile:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.seLinuxOptions }}
seLinuxOptions:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What is added to a Resource, each with a comma before it. Percent-encoded, or a comma would begin another one. */}}
{{- define "observe.resourceAttributes" -}}
{{- with .Values.clusterName }},k8s.cluster.name={{ . }}{{ end -}}
{{- range $name, $value := .Values.resourceAttributes }},{{ $name }}={{ $value | urlquery | replace "+" "%20" }}{{ end -}}
{{- end }}

{{/* Volumes and mounts of both: the configuration, and the Secret for TLS. */}}
{{- define "observe.volumes" -}}
- name: config
  configMap:
    name: {{ include "observe.part" . }}
{{- with .root.Values.otlpTls.secretName }}
- name: otlp-tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- with (index .root.Values .part).extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "observe.volumeMounts" -}}
- name: config
  mountPath: /etc/observe
  readOnly: true
{{- if .root.Values.otlpTls.secretName }}
- name: otlp-tls
  mountPath: /etc/observe-otlp
  readOnly: true
{{- end }}
{{- with (index .root.Values .part).extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
