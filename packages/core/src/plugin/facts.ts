import type { Json } from './common.ts'

interface FactDeclaration {
  readonly type: 'boolean' | 'number' | 'string'
  readonly text: string
  /** Its name in OpenTelemetry's semantic conventions, if that is different; null: it has none there. */
  readonly otel?: string | null
}

/**
 * The facts with fixed names. A plugin that discovers one of them uses this name and this type, so that reporters and other
 * plugins find it without knowing the plugin. Everything else may have any name, dotted, with its unit at the end.
 */
export const factVocabulary = {
  'cpu.count': { type: 'number', text: 'Logical CPUs of the machine.' },
  'cpu.availableCount': {
    type: 'number',
    text: 'CPUs that this process may run on: affinity and quota count.',
  },
  'cpu.model': { type: 'string', text: 'The name that the CPU reports.', otel: 'host.cpu.model.name' },
  'memory.bytes': { type: 'number', text: 'Memory of the machine.' },
  'memory.limitBytes': {
    type: 'number',
    text: 'How much of it a container or cgroup may use. Absent: no limit.',
  },
  'memory.usedBytes': { type: 'number', text: 'Memory in use: of the limit, if there is one.' },
  'cloud.provider': { type: 'string', text: 'Such as `aws`, `azure` or `gcp`.' },
  'cloud.region': { type: 'string', text: 'Such as `eu-central-1`.' },
  'cloud.zone': { type: 'string', text: 'Such as `eu-central-1a`.', otel: 'cloud.availability_zone' },
  'host.id': { type: 'string', text: 'What the provider calls this machine: `i-0abc…`.' },
  'host.type': { type: 'string', text: 'The kind of machine, such as `m7g.xlarge`.' },
  'host.imageId': { type: 'string', text: 'What it was started from: `ami-0abc…`.', otel: 'host.image.id' },
  'host.lifecycle': {
    type: 'string',
    text: '`on-demand`, or `spot`: the provider may take it away at any time.',
    otel: null,
  },
  'host.vCpuCount': {
    type: 'number',
    text: 'vCPUs of machines of its type, as the provider publishes them.',
    otel: null,
  },
  'host.memoryBytes': {
    type: 'number',
    text: 'Memory of machines of its type, as the provider publishes it.',
    otel: null,
  },
  'host.isBurstable': {
    type: 'boolean',
    text: 'Machines of its type run at a share of a CPU, and exceed it while they have credits.',
    otel: null,
  },
  'host.arch': { type: 'string', text: 'Such as `amd64`, `arm64`, `x86` or `s390x`.' },
  'os.type': { type: 'string', text: 'Such as `linux`, `darwin` or `windows`.' },
  'os.version': { type: 'string', text: 'Release of the operating system’s kernel.' },
  'process.runtime.version': { type: 'string', text: 'Version of Node.js, such as `24.11.0`.' },
} as const satisfies Readonly<Record<string, FactDeclaration>>

export type FactName = keyof typeof factVocabulary

interface FactTypes {
  boolean: boolean
  number: number
  string: string
}

/** The facts with fixed names, each with its type. */
export type KnownFacts = {
  readonly [Name in FactName]?: FactTypes[(typeof factVocabulary)[Name]['type']]
}

/** What a machine or a worker reports about itself. Part of every result. */
export type Facts = KnownFacts & { readonly [key: string]: Json }
