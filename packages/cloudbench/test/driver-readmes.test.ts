import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ResultFile } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'

/** The files that the README of a driver shows, by the path in their first line. */
async function filesIn(driver: string): Promise<Record<string, string>> {
  const readme = await readFile(
    new URL(`../../../plugins/driver-${driver}/README.md`, import.meta.url),
    'utf8',
  )
  return Object.fromEntries(
    [...readme.matchAll(/^```\w+\n(?:#|\/\/) (\S+)\n(.*?)^```$/gms)].map(([, path, content]) => [
      path!,
      content!,
    ]),
  )
}

test.each([
  ['redis', '--set targets.cache.url=loopback --rate 50/s', { CACHE_PASSWORD: 'secret' }],
  ['http', '--set targets.shop.url=loopback --rate 50/s', { SHOP_TOKEN: 'secret' }],
  [
    'grpc',
    `--set targets.library.url=loopback ${['native', 'json'].map((flow) => `--set scenarios.grpc-transcoding.flows.${flow}.rate=50/s`).join(' ')}`,
    { LIBRARY_TOKEN: 'secret' },
  ],
  [
    'kafka',
    '--set targets.events.url=loopback --set scenarios.orders.flows.orders.rate=200/s',
    { KAFKA_PASSWORD: 'secret' },
  ],
  ['micro', '--set targets.host.url=loopback', {}],
])('the example in the README of driver-%s runs', async (driver, settings, env) => {
  const cwd = await folder(await filesIn(driver))
  // on loopback, at a rate that a busy machine reaches; whether the checks of the example pass means nothing here
  const line = `run --duration 500ms --warmup 0s --reporter json=result.json ${settings}`
  const { code, stdout, stderr } = await cloudbench(typed(line), { cwd, env })
  expect(code, stdout + stderr).toBeLessThan(2)
  const { scenarios } = JSON.parse(await readFile(join(cwd, 'result.json'), 'utf8')) as ResultFile
  expect(scenarios).toHaveLength(1)
  for (const { flow, operations } of scenarios[0]!.phases.flatMap(({ flows }) => flows))
    for (const [operation, { ok, failed }] of Object.entries(operations))
      expect({ flow, operation, failed, isLoaded: ok > 0 }).toEqual({
        flow,
        operation,
        failed: 0,
        isLoaded: true,
      })
})
