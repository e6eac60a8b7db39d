import type { Json } from './common.ts'

interface FactDeclaration {
  readonly type: 'number' | 'string'
  readonly text: string
  /** What OpenTelemetry's semantic conventions call it, where they call it something else. */
  readonly otel?: string
}

/**
 * Facts that have a name. A plugin that finds one of them out uses this name and this type, so that reporters and other
 * plugins find it without knowing the plugin. Everything else may have any name, dotted, with its unit at the end.
 */
export const factVocabulary = {
  'cpu.count': { type: 'number', text: 'Logical CPUs of the machine.' },
  'cpu.availableCount': {
    type: 'number',
    text: 'CPUs that this process may run on: affinity and quota count.',
  },
  'cpu.model': { type: 'string', text: 'As the CPU names itself.', otel: 'host.cpu.model.name' },
  'memory.bytes': { type: 'number', text: 'Memory of the machine.' },
  'memory.limitBytes': {
    type: 'number',
    text: 'What a container or a group may use of it. Absent: no limit.',
  },
  'memory.usedBytes': { type: 'number', text: 'In use, of the limit where there is one.' },
  'cloud.provider': { type: 'string', text: 'Such as `aws`, `azure` or `gcp`.' },
  'cloud.region': { type: 'string', text: 'Such as `eu-central-1`.' },
  'cloud.zone': { type: 'string', text: 'Such as `eu-central-1a`.', otel: 'cloud.availability_zone' },
  'host.type': { type: 'string', text: 'The kind of machine, such as `m7g.xlarge`.' },
  'host.arch': { type: 'string', text: 'Such as `amd64`, `arm64`, `x86` or `s390x`.' },
  'os.type': { type: 'string', text: 'Such as `linux`, `darwin` or `windows`.' },
  'os.version': { type: 'string', text: 'Release of the operating system’s kernel.' },
  'process.runtime.version': { type: 'string', text: 'Version of Node.js, such as `24.11.0`.' },
} as const satisfies Readonly<Record<string, FactDeclaration>>

export type FactName = keyof typeof factVocabulary

interface FactTypes {
  number: number
  string: string
}

/** The facts that have a name, each with its type. */
export type KnownFacts = {
  readonly [Name in FactName]?: FactTypes[(typeof factVocabulary)[Name]['type']]
}

/** What a machine or a worker says about itself. Lands in every result. */
export type Facts = KnownFacts & { readonly [key: string]: Json }
