{{/* What the code says of services and topics: written by scripts/chart-files.ts. */}}
{{- define "tidewaiter.facts" -}}
{{ .Files.Get "files/topology.yaml" }}
{{- end }}

{{- define "tidewaiter.name" -}}
{{ .Values.nameOverride | default .Chart.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Beginning of all names; short enough for every ending. */}}
{{- define "tidewaiter.fullname" -}}
{{- $name := include "tidewaiter.name" . -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{/* Labels that select; of (dict "root" $ "component" name). part-of is the job of Prometheus's rules. */}}
{{- define "tidewaiter.selector" -}}
app.kubernetes.io/name: {{ include "tidewaiter.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{/* Of pods: a new version of the chart alone starts none anew. */}}
{{- define "tidewaiter.podLabels" -}}
{{ include "tidewaiter.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: tidewaiter
{{- end }}

{{- define "tidewaiter.labels" -}}
{{ include "tidewaiter.podLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_") }}
{{- end }}

{{- define "tidewaiter.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "tidewaiter.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end }}

{{- define "tidewaiter.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Folder of the image (infra/docker/Dockerfile), and where its Secrets are. */}}
{{- define "tidewaiter.home" -}}/var/lib/tidewaiter{{- end }}
{{- define "tidewaiter.secrets" -}}/run/secrets/tidewaiter{{- end }}

{{/* A number as people write it: values arrive as floats, and those print large ones with an exponent. */}}
{{- define "tidewaiter.plain" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}{{ int64 . }}{{- else -}}{{ . }}{{- end -}}
{{- end }}

{{/* Port of a URL; of (dict "url" text "defaults" (dict scheme port)). */}}
{{- define "tidewaiter.portOf" -}}
{{- $parsed := urlParse .url -}}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $parsed.host) | default (get .defaults $parsed.scheme) -}}
{{- end }}

{{/* Name of a service's Kafka user, and of the Secret with its password; of (dict "root" $ "component" name "kafka" values). */}}
{{- define "tidewaiter.kafkaUser" -}}
{{ (.kafka).username | default (printf "%s-%s" (include "tidewaiter.fullname" .root) .component) }}
{{- end }}
{{- define "tidewaiter.kafkaSecret" -}}
{{ (.kafka).passwordSecret | default (printf "%s-%s" (include "tidewaiter.fullname" .root) .component) }}
{{- end }}

{{/* Settings that all services share, and no secret among them. */}}
{{- define "tidewaiter.settings" -}}
TIDEWAITER_PROFILE: {{ .Values.profile | quote }}
{{- if not .Values.kafka.brokers }}
{{- fail "kafka.brokers is needed: a list of host:port" }}
{{- end }}
TIDEWAITER_BROKERS: {{ join "," .Values.kafka.brokers | quote }}
TIDEWAITER_REGISTRY_URL: {{ required "registry.url is needed: a Confluent-compatible schema registry" .Values.registry.url | quote }}
TIDEWAITER_PARTITIONS: {{ include "tidewaiter.plain" .Values.partitions | quote }}
TIDEWAITER_REPLICATION: {{ include "tidewaiter.plain" .Values.replication | quote }}
TIDEWAITER_METRICS_PORT: {{ include "tidewaiter.plain" .Values.metrics.port | quote }}
TIDEWAITER_METRICS_HOST: {{ .Values.metrics.bindAddress | quote }}
{{- if .Values.kafka.tls }}
TIDEWAITER_KAFKA_SSL: "true"
{{- end }}
{{- with .Values.kafka.mechanism }}
TIDEWAITER_KAFKA_SASL_MECHANISM: {{ . | quote }}
{{- end }}
{{- with .Values.registry.username }}
TIDEWAITER_REGISTRY_USERNAME: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
{{ $name }}: {{ include "tidewaiter.plain" $value | quote }}
{{- end }}
{{- end }}

{{/*
Files that a service is given, as a list of {setting, file, name, key}: the password, key or certificate, the setting that
names it, and the Secret that it comes from; of (dict "root" $ "component" name "redis" bool "kafka" values).
*/}}
{{- define "tidewaiter.files" -}}
{{- $values := .root.Values }}
{{- if $values.kafka.mechanism }}
- { setting: TIDEWAITER_KAFKA_PASSWORD_FILE, file: kafka-password, name: {{ include "tidewaiter.kafkaSecret" . }}, key: {{ $values.kafka.passwordKey }} }
{{- end }}
{{- if and $values.kafka.tls $values.kafka.caSecret.name }}
- { setting: TIDEWAITER_KAFKA_CA_FILE, file: kafka-ca.crt, name: {{ $values.kafka.caSecret.name }}, key: {{ $values.kafka.caSecret.key }} }
{{- end }}
{{- if $values.registry.username }}
- { setting: TIDEWAITER_REGISTRY_PASSWORD_FILE, file: registry-password, name: {{ required "registry.passwordSecret.name is needed beside registry.username" $values.registry.passwordSecret.name }}, key: {{ $values.registry.passwordSecret.key }} }
{{- end }}
{{- with $values.registry.caSecret }}
{{- if .name }}
- { setting: TIDEWAITER_REGISTRY_CA_FILE, file: registry-ca.crt, name: {{ .name }}, key: {{ .key }} }
{{- end }}
{{- end }}
{{- if .redis }}
{{- with $values.redis.passwordSecret }}
{{- if .name }}
- { setting: TIDEWAITER_REDIS_PASSWORD_FILE, file: redis-password, name: {{ .name }}, key: {{ .key }} }
{{- end }}
{{- end }}
{{- with $values.redis.caSecret }}
{{- if .name }}
- { setting: TIDEWAITER_REDIS_CA_FILE, file: redis-ca.crt, name: {{ .name }}, key: {{ .key }} }
{{- end }}
{{- end }}
{{- end }}
{{- if or (eq .component "ingest") (and (eq .component "replay") $values.replay.readsRawTopic) }}
- { setting: TIDEWAITER_PSEUDONYM_KEY_FILE, file: pseudonym.key, name: {{ required "pseudonymKeySecret.name is needed: the Secret with the key that turns party ids into tokens" $values.pseudonymKeySecret.name }}, key: {{ $values.pseudonymKeySecret.key }} }
{{- end }}
{{- if eq .component "console" }}
- { setting: TIDEWAITER_CONSOLE_KEY_FILE, file: console.key, name: {{ required "console.keySecret.name is needed: the Secret with the key that signs sessions" $values.console.keySecret.name }}, key: {{ $values.console.keySecret.key }} }
{{- with $values.console.oidc }}
{{- if and .issuer .clientSecret.name }}
- { setting: TIDEWAITER_CONSOLE_OIDC_CLIENT_SECRET_FILE, file: oidc-client-secret, name: {{ .clientSecret.name }}, key: {{ .clientSecret.key }} }
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Settings of one service, as a container's env. */}}
{{- define "tidewaiter.environment" -}}
{{- $values := .root.Values -}}
{{- if $values.kafka.mechanism }}
- { name: TIDEWAITER_KAFKA_USERNAME, value: {{ include "tidewaiter.kafkaUser" . | quote }} }
{{- end }}
{{- if .redis }}
- { name: TIDEWAITER_REDIS_URL, value: {{ required "redis.url is needed: redis://host:port or rediss://host:port" $values.redis.url | quote }} }
{{- if $values.redis.cluster }}
- { name: TIDEWAITER_REDIS_CLUSTER, value: "true" }
{{- end }}
{{- with $values.redis.username }}
- { name: TIDEWAITER_REDIS_USERNAME, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- if eq .component "console" }}
{{- $facts := include "tidewaiter.facts" .root | fromYaml }}
- { name: TIDEWAITER_CONSOLE_HOST, value: {{ $values.metrics.bindAddress | quote }} }
{{- /* Links that sign in lead there: without an address, to the port that NOTES.txt forwards. */}}
- { name: TIDEWAITER_CONSOLE_URL, value: {{ $values.console.url | default (printf "http://127.0.0.1:%v" $facts.consolePort) | quote }} }
{{- with $values.console.proxies }}
- { name: TIDEWAITER_CONSOLE_PROXIES, value: {{ join "," . | quote }} }
{{- end }}
{{- with $values.console.oidc }}
{{- if .issuer }}
- { name: TIDEWAITER_CONSOLE_OIDC_ISSUER, value: {{ .issuer | quote }} }
- { name: TIDEWAITER_CONSOLE_OIDC_CLIENT_ID, value: {{ .clientId | quote }} }
- { name: TIDEWAITER_CONSOLE_OIDC_ROLES_CLAIM, value: {{ .rolesClaim | quote }} }
{{- end }}
{{- end }}
{{- $root := .root }}
{{- $urls := list }}
{{- range $facts.services }}
{{- $urls = append $urls (printf "%s=http://%s-%s-metrics:%s" .name (include "tidewaiter.fullname" $root) .name (include "tidewaiter.plain" $values.metrics.port)) }}
{{- end }}
- { name: TIDEWAITER_SERVICE_URLS, value: {{ join "," $urls | quote }} }
{{- end }}
{{- $secrets := include "tidewaiter.secrets" . }}
{{- range include "tidewaiter.files" . | fromYamlArray }}
{{- if .setting }}
- { name: {{ .setting }}, value: {{ $secrets }}/{{ .file }} }
{{- end }}
{{- end }}
{{- end }}

{{/* What is mounted, and from where. The state of a service is the only thing that it writes. */}}
{{- define "tidewaiter.mounts" -}}
- { name: run, mountPath: {{ include "tidewaiter.home" . }}/run }
{{- if include "tidewaiter.files" . | fromYamlArray }}
- { name: secrets, mountPath: {{ include "tidewaiter.secrets" . }}, readOnly: true }
{{- end }}
{{- if eq .component "console" }}
- { name: spent-tokens, mountPath: {{ include "tidewaiter.home" . }}/console-tokens-used }
{{- end }}
{{- end }}

{{- define "tidewaiter.volumes" -}}
- name: run
  emptyDir: { medium: Memory, sizeLimit: 16Mi }
{{- with include "tidewaiter.files" . | fromYamlArray }}
- name: secrets
  projected:
    defaultMode: 288 # 0440: the group is that of the pod
    sources:
      {{- range . }}
      - secret: { name: {{ .name }}, items: [{ key: {{ .key }}, path: {{ .file }} }] }
      {{- end }}
{{- end }}
{{- if eq .component "console" }}
- name: spent-tokens
  {{- with .root.Values.console.spentTokensClaim }}
  persistentVolumeClaim: { claimName: {{ . }} }
  {{- else }}
  emptyDir: { sizeLimit: 16Mi }
  {{- end }}
{{- end }}
{{- end }}

{{/* What every pod is and may: a user without rights, and no token of the cluster. */}}
{{- define "tidewaiter.pod" -}}
automountServiceAccountToken: false
# Variables made from the names of Services, such as TIDEWAITER_CONSOLE_PORT, would be taken for settings.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{ toJson . }}
{{- end }}
{{- end }}

{{- define "tidewaiter.container" -}}
image: {{ include "tidewaiter.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}
