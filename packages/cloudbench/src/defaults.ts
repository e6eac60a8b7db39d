import type { Config } from '@cloudbench/core'
import { fileOnly } from './reporters.ts'

/** What there is without any configuration. */
export const builtIn = {
  targets: {
    redis: { driver: 'redis' },
    http: { driver: 'http' },
    kafka: { driver: 'kafka' },
  },
  scenarios: {
    'redis-read-heavy': {
      description: '90 % GET and 10 % SET over 10 000 preloaded keys',
      target: 'redis',
      workload: 'read-heavy',
      connections: 10,
      checks: { 'errors.rate': '<= 0.1%' },
    },
    'http-json-api': {
      description: 'POST /v1/data with a random UUID in a JSON body',
      target: 'http',
      workload: 'json-api',
      options: { path: '/v1/data', body: { id: '${uuid}' } },
      rate: '200/s',
      connections: 10,
      checks: { 'errors.rate': '<= 0.1%' },
    },
    'kafka-produce': {
      description: '1000 messages a second of 1 KB, compressed, to one partition',
      target: 'kafka',
      workload: 'produce',
      options: { compression: 'gzip', partitions: 1 },
      rate: '1000/s',
      connections: 1,
      checks: { 'errors.rate': '<= 0.1%' },
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
    const { driver } = targets[scenario.target]!
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
