import type { Config } from '@cloudbench/core'
import { fileOnly } from './reporters.ts'

const checks = { 'errors.rate': '<= 0.1%' } as const

/** What there is without any configuration. */
export const builtIn = {
  targets: {
    redis: { driver: 'redis' },
    http: { driver: 'http' },
    postgres: { driver: 'postgres' },
    kafka: { driver: 'kafka' },
    amqp: { driver: 'amqp' },
    grpc: { driver: 'grpc' },
    host: { driver: 'micro', url: 'micro:' },
  },
  scenarios: {
    'redis-read-heavy': {
      description: '90 % GET and 10 % SET over 10 000 preloaded keys',
      target: 'redis',
      workload: 'read-heavy',
      connections: 10,
      checks,
    },
    'http-json-api': {
      description: 'POST /v1/data with a random UUID in a JSON body',
      target: 'http',
      workload: 'json-api',
      options: { path: '/v1/data', body: { id: '${uuid}' } },
      rate: '200/s',
      connections: 10,
      checks,
    },
    'pg-write-heavy': {
      description: '500 rows a second with 1 KB of JSON each, several with one INSERT',
      target: 'postgres',
      workload: 'write-heavy',
      rate: '500/s',
      connections: 4,
      checks,
    },
    'kafka-produce': {
      description: '1000 messages a second of 1 KB, compressed, to one partition',
      target: 'kafka',
      workload: 'produce',
      options: { compression: 'gzip', partitions: 1 },
      rate: '1000/s',
      connections: 1,
      checks,
    },
    'amqp-send-receive': {
      description: '500 messages a second, each sent, received and settled',
      target: 'amqp',
      workload: 'send-receive',
      options: { pipelining: 16 },
      rate: '500/s',
      connections: 10,
      checks,
    },
    'grpc-unary': {
      description: '500 calls a second, one message there and one back',
      target: 'grpc',
      workload: 'unary',
      rate: '500/s',
      connections: 2,
      checks,
    },
    'grpc-transcoding': {
      description: 'The same call natively and as HTTP/JSON by its google.api.http annotation, side by side',
      flows: {
        native: { target: 'grpc', workload: 'unary', rate: '200/s', connections: 2 },
        json: { target: 'grpc', workload: 'json', rate: '200/s', connections: 10 },
      },
      checks,
    },
    'host-functions': {
      description: 'What this machine does in one thread: objects to JSON and back, and SHA-256',
      flows: {
        json: { target: 'host', workload: 'serialise', connections: 1 },
        sha256: { target: 'host', workload: 'hash', options: { size: '64KiB' }, connections: 1 },
      },
    },
  },
  reporters: ['default', fileOnly],
} satisfies Config

/** A built-in scenario whose driver is not installed. */
export interface LeftOut {
  readonly scenario: string
  readonly package: string
}

/**
 * The built-in configuration without the scenarios whose drivers are not there, and those. Drivers beside Redis and
 * HTTP are packages that people add.
 */
export function installedOnly(isInstalled: (driver: string) => boolean): {
  readonly builtIn: Config
  readonly leftOut: readonly LeftOut[]
} {
  const targets: Readonly<Record<string, { readonly driver: string }>> = builtIn.targets
  const scenarios = Object.entries(builtIn.scenarios).map(([id, scenario]) => {
    // the flows of a built-in scenario have one driver
    const target = 'target' in scenario ? scenario.target : Object.values(scenario.flows)[0]!.target
    const { driver } = targets[target]!
    return { id, scenario, driver, isThere: isInstalled(driver) }
  })
  return {
    builtIn: {
      ...builtIn,
      scenarios: Object.fromEntries(
        scenarios.filter(({ isThere }) => isThere).map(({ id, scenario }) => [id, scenario]),
      ),
    },
    leftOut: scenarios
      .filter(({ isThere }) => !isThere)
      .map(({ id, driver }) => ({ scenario: id, package: `@cloudbench/driver-${driver}` })),
  }
}

/** Instead of the usual 30 s, for somebody who has just typed `npx cloudbench`. */
export const shortDurations = { duration: '5s', warmup: '2s' } satisfies Config['defaults']
