{{/* Whether any endpoint's password is kept by the chart: not empty if so. */}}
{{- define "observe.vcenter.secret" -}}
{{- if .Values.vcenter.enabled -}}
{{- range .Values.vcenter.endpoints -}}
{{- if .password }}yes{{ end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Credentials and authorities of all endpoints, below a directory for each: sources of a projected volume. */}}
{{- define "observe.vcenter.sources" -}}
{{- $part := include "observe.part" (dict "root" . "part" "vcenter") -}}
{{- range $index, $endpoint := .Values.vcenter.endpoints }}
- secret:
    {{- if $endpoint.existingSecret }}
    name: {{ $endpoint.existingSecret }}
    items:
      {{- if not $endpoint.username }}
      - key: {{ $endpoint.usernameKey | default "username" }}
        path: {{ $index }}/username
      {{- end }}
      - key: {{ $endpoint.passwordKey | default "password" }}
        path: {{ $index }}/password
      {{- with $endpoint.caKey }}
      - key: {{ . }}
        path: {{ $index }}/ca.crt
      {{- end }}
    {{- else }}
    name: {{ $part }}
    items:
      - key: {{ $index }}.password
        path: {{ $index }}/password
    {{- end }}
{{- if $endpoint.ca }}
- configMap:
    name: {{ $part }}
    items:
      - key: {{ $index }}.ca.crt
        path: {{ $index }}/ca.crt
{{- end }}
{{- end }}
{{- end }}

{{/* What a schema would say in riddles. */}}
{{- define "observe.vcenter.check" -}}
{{- if not .Values.vcenter.endpoints }}{{ fail "vcenter.endpoints: is empty while vcenter.enabled is true; name a vCenter, with url and existingSecret" }}{{ end -}}
{{- range $index, $endpoint := .Values.vcenter.endpoints -}}
{{- $at := printf "vcenter.endpoints[%d] (%s)" $index $endpoint.url -}}
{{- with $endpoint -}}
{{- if and .existingSecret .password }}{{ fail (printf "%s: password is given besides existingSecret; give one of them" $at) }}{{ end -}}
{{- if not (or .existingSecret (and .username .password)) }}{{ fail (printf "%s: has no credentials; give existingSecret, or username and password" $at) }}{{ end -}}
{{- if and (not .existingSecret) (or .usernameKey .passwordKey .caKey) }}{{ fail (printf "%s: usernameKey, passwordKey and caKey are keys of existingSecret, which is not given" $at) }}{{ end -}}
{{- if and .username .usernameKey }}{{ fail (printf "%s: username is given besides usernameKey; give one of them" $at) }}{{ end -}}
{{- if and .ca .caKey }}{{ fail (printf "%s: ca is given besides caKey; give one of them" $at) }}{{ end -}}
{{- if and .pin (or .ca .caKey) }}{{ fail (printf "%s: pin is given besides ca: a pinned certificate is accepted whoever signed it; give one of them" $at) }}{{ end -}}
{{- if and .insecure (or .pin .ca .caKey) }}{{ fail (printf "%s: insecure is true, so that pin and ca mean nothing; remove it, or them" $at) }}{{ end -}}
{{- if and (hasPrefix "http://" .url) (not .insecure) }}{{ fail (printf "%s: is http: the password would be sent in the clear; use https, or set insecure: true" $at) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end }}
