import { CloudbenchError, type Run } from '@cloudbench/core'
import { getStringFromEnv, SDK_INFO, type InstrumentationScope } from '@opentelemetry/core'
import {
  detectResources,
  envDetector,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources'
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_TELEMETRY_SDK_LANGUAGE,
  ATTR_TELEMETRY_SDK_NAME,
  ATTR_TELEMETRY_SDK_VERSION,
} from '@opentelemetry/semantic-conventions'

/** Facts of the vocabulary that the semantic conventions know, under their names there. */
const known: Readonly<Record<string, string>> = {
  'cpu.model': 'host.cpu.model.name',
  'cloud.provider': 'cloud.provider',
  'cloud.region': 'cloud.region',
  'cloud.zone': 'cloud.availability_zone',
  'host.type': 'host.type',
  'host.arch': 'host.arch',
  'os.type': 'os.type',
  'os.version': 'os.version',
  'process.runtime.version': 'process.runtime.version',
}

/** Who sends: cloudbench, this run of it, and the machine. The environment of OpenTelemetry has the last word. */
export function resourceOf(run: Run, redact: (text: string) => string): Resource {
  const attributes: Record<string, string> = {
    [ATTR_SERVICE_NAME]: 'cloudbench',
    [ATTR_SERVICE_VERSION]: run.version,
    [ATTR_SERVICE_INSTANCE_ID]: run.id,
    [ATTR_TELEMETRY_SDK_NAME]: SDK_INFO[ATTR_TELEMETRY_SDK_NAME],
    [ATTR_TELEMETRY_SDK_LANGUAGE]: SDK_INFO[ATTR_TELEMETRY_SDK_LANGUAGE],
    [ATTR_TELEMETRY_SDK_VERSION]: SDK_INFO[ATTR_TELEMETRY_SDK_VERSION],
    'cloudbench.run.name': redact(run.name),
    // of several, the first stands for all: its load is told by machine
    ...(run.machines[0] && {
      'host.name': redact(run.machines[0].name),
      ...factsOf(run.machines[0], redact),
    }),
  }
  return resourceFromAttributes(attributes).merge(detectResources({ detectors: [envDetector] }))
}

function factsOf(
  { facts }: Run['machines'][number],
  redact: (text: string) => string,
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const ofPlugin of Object.values(facts))
    for (const [name, value] of Object.entries(ofPlugin))
      if (Object.hasOwn(known, name) && typeof value === 'string') found[known[name]!] = redact(value)
  return found
}

/** The SDK leaves out what it cannot read, all of it. @throws CloudbenchError for that. */
export function checkResourceAttributes(): void {
  const written = getStringFromEnv('OTEL_RESOURCE_ATTRIBUTES')
  const { attributes = {} } = resourceAttributesEnvDetector.detect()
  if (written === undefined || Object.keys(attributes).length > 0) return
  throw new CloudbenchError({
    code: 'CB_PLUGIN_OPTIONS',
    what: 'OTEL_RESOURCE_ATTRIBUTES cannot be read',
    expected: 'name=value,name=value, with a comma, an equals sign or a percent sign in them percent-encoded',
    next: 'correct OTEL_RESOURCE_ATTRIBUTES, or unset it',
  })
}

/** What the spans and metrics are made by. */
export function scopeOf({ version }: Run): InstrumentationScope {
  return { name: '@cloudbench/reporter-otel', version }
}
