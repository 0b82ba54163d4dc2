{{/* Ports of URLs, as a NetworkPolicy has them, each once; those of the scheme where a URL has none. */}}
{{- define "observe.ports" -}}
{{- $ports := list -}}
{{- range . -}}
{{- if . -}}
{{- $url := urlParse . -}}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (eq $url.scheme "https" | ternary "443" "80") -}}
{{- $ports = append $ports (dict "port" (int $port) "protocol" "TCP") -}}
{{- end -}}
{{- end -}}
{{- toYaml (uniq $ports) -}}
{{- end }}
