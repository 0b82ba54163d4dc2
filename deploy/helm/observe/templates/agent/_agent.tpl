{{/* What the agent's configuration takes of the pod. */}}

{{/* Whether the API server is asked: "true" or "false". In a pod, auto means yes. */}}
{{- define "observe.agent.kubernetes" -}}
{{- $enabled := dig "collectors" "kubernetes" "enabled" "auto" . -}}
{{- ne (toString $enabled) "false" -}}
{{- end }}

{{/* Path of the engine's socket; nothing if no engine is asked, or one on the network. */}}
{{- define "observe.agent.dockerSocket" -}}
{{- $endpoint := dig "collectors" "docker" "endpoint" "unix:///var/run/docker.sock" . -}}
{{- if and (dig "collectors" "docker" "enabled" true .) (hasPrefix "unix://" $endpoint) -}}
{{- trimPrefix "unix://" $endpoint -}}
{{- end -}}
{{- end }}

{{/* BPF loads programs, PERFMON attaches them and lets them read the scheduler's records. */}}
{{- define "observe.agent.capabilities" -}}
{{- $capabilities := list "BPF" "PERFMON" -}}
{{- if eq (dig "collectors" "kvm" "tier" "exits" .config) "stats" -}}
{{- /* KVM's counters are behind descriptors of the VMM's process. */ -}}
{{- $capabilities = concat $capabilities (list "SYS_PTRACE" "DAC_READ_SEARCH") -}}
{{- end -}}
{{- toYaml (concat $capabilities .values.extraCapabilities | uniq) -}}
{{- end }}

{{/* What is mounted of the host, read-only and at the same place, besides cgroups. */}}
{{- define "observe.agent.hostFiles" -}}
{{- $files := list -}}
{{- if .values.hostMounts.machineId }}{{ $files = append $files (dict "name" "machine-id" "path" "/etc/machine-id" "type" "File") }}{{ end -}}
{{- if .values.hostMounts.tracing }}{{ $files = append $files (dict "name" "tracing" "path" "/sys/kernel/tracing" "type" "Directory") }}{{ end -}}
{{- if .values.hostMounts.debug }}{{ $files = append $files (dict "name" "debug" "path" "/sys/kernel/debug" "type" "Directory") }}{{ end -}}
{{- with .docker }}{{ $files = append $files (dict "name" "docker" "path" . "type" "Socket") }}{{ end -}}
{{- toYaml $files -}}
{{- end }}
