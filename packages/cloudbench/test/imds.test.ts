import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { readResult } from '@cloudbench/core/program'
import { awsService, gcpService } from '@cloudbench/fixtures/metadata-services'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

async function serve(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const echo = `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'echo',
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close() {} }
  },
})`

/** A project whose environment asks this service. */
const projectOf = (options: object): Promise<string> =>
  folder({
    'echo.mjs': echo,
    'config/targets/here.yaml': 'driver: ./echo.mjs\nurl: echo://here\n',
    'config/scenarios/reads.yaml': 'target: here\nrate: 50/s\nduration: 200ms\nwarmup: 0s\n',
    'cloudbench.config.mjs': `export default { environment: [['imds', ${JSON.stringify({ root: '/nonexistent', budgetMs: 1_500, ...options })}]] }`,
  })

test('on a c7i.4xlarge, `config` shows 32 connections, and where they come from', async () => {
  const aws = await serve(awsService())
  const cwd = await projectOf({ endpoint: { aws } })
  const { code, stdout, stderr } = await cloudbench(['config'], { cwd })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^defaults\.connections=32 +derived by imds: vCPU × 2$/m)
  expect(code).toBe(0)
})

test('what a user writes goes before the machine, and so do options of the environment', async () => {
  const aws = await serve(awsService())
  const cwd = await projectOf({ endpoint: { aws }, connections: 5 })
  const { stdout } = await cloudbench(['config'], { cwd })
  expect(stdout).toMatch(/^defaults\.connections=5 +derived by imds: its option connections$/m)
  const typed = await cloudbench(['config', '--set', 'defaults.connections=9'], { cwd })
  expect(typed.stdout).toMatch(/^defaults\.connections=9 +--set/m)
})

test('on a machine that is not known, the defaults hold, and the run goes on', async () => {
  // a service that hangs
  const aws = await serve(() => {})
  const cwd = await projectOf({ endpoint: { aws } })
  expect((await cloudbench(['config'], { cwd })).stdout).not.toContain('derived by imds')
  const { code, stdout, stderr } = await cloudbench(['run', '--reporter', 'json'], { cwd })
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('accepts connections and gives no whole answer within 1500 ms')
  expect(JSON.parse(stdout)).toMatchObject({ workers: 1 })
})

test('workers get their part of the heap, attributed and proven', async () => {
  const gcp = await serve(gcpService({ 'machine-type': 'projects/1/machineTypes/e2-highcpu-2' }))
  const cwd = await projectOf({ endpoint: { gcp } })
  const { code, stderr } = await cloudbench(['run', '--reporter', 'json', '--workers', '2'], { cwd })
  expect(code, stderr).toBe(0)
  const [file] = await readdir(join(cwd, '.cloudbench'))
  const { run, scenarios } = await readResult(join(cwd, '.cloudbench', file!))
  expect(run.machines[0]!.facts['imds']).toMatchObject({ 'host.type': 'e2-highcpu-2', 'host.vCpuCount': 2 })
  for (const worker of scenarios[0]!.workers) {
    // 60 % of 2 GiB, for two
    expect(worker.attribution).toContain('imds: execArgv += --max-old-space-size=614')
    expect(worker.facts['imds']).toMatchObject({ 'heap.limitBytes': expect.any(Number) })
  }
})

test('an endpoint that leads elsewhere is refused, with what would do', async () => {
  const cwd = await projectOf({ endpoint: { aws: 'http://10.0.0.1' } })
  const { code, stderr } = await cloudbench(['config'], { cwd })
  expect(stderr).toContain('it leads further than this machine and its link')
  expect(stderr).toContain('http://169.254.169.254')
  expect(code).toBe(2)
})
