import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

/** Counts its discoveries, and derives workers and connections from them. */
const numa = `import { appendFileSync } from 'node:fs'
import { defineEnvironment } from '@cloudbench/core'
export default defineEnvironment({
  name: 'numa',
  discover() {
    appendFileSync(new URL('looks', import.meta.url), 'look\\n')
    return { 'cpu.count': 2 }
  },
  derive: ({ facts }) => [
    { path: 'defaults.workers', value: facts.numa['cpu.count'], reason: 'node 0 has 2 CPUs' },
    { path: 'defaults.connections', value: 3, reason: 'one each and a spare' },
  ],
})`
const echo = `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'echo',
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close() {} }
  },
})`
const project = {
  'numa.mjs': numa,
  'echo.mjs': echo,
  'config/targets/here.yaml': 'driver: ./echo.mjs\nurl: echo://here\n',
  'config/scenarios/reads.yaml': 'target: here\nrate: 50/s\nduration: 200ms\nwarmup: 0s\n',
  'cloudbench.config.mjs': "export default { environment: ['./numa.mjs'] }",
}
const looksIn = async (cwd: string): Promise<string> =>
  (await readFile(join(cwd, 'looks'), 'utf8').catch(() => '')).replaceAll('\n', ' ')

test('config, list, a dry run and a run see the same derived settings, and each discovers the machine once', async () => {
  const cwd = await folder(project)
  const config = await cloudbench(['config'], { cwd })
  expect(config.stderr).toBe('')
  expect(config.stdout).toMatch(/^defaults\.workers=2 +derived by numa: node 0 has 2 CPUs$/m)
  const list = await cloudbench(['list'], { cwd })
  expect(list.stdout).toContain('50/s, 3 connections')
  const dry = await cloudbench(['run', '--dry-run'], { cwd })
  expect(dry.stdout).toContain('2 workers')
  expect(dry.stdout).toContain('3 connections')
  const run = await cloudbench(['run', '--reporter', 'json'], { cwd })
  expect(run.code, run.stderr).toBe(0)
  expect(JSON.parse(run.stdout)).toMatchObject({ workers: 2 })
  expect(await looksIn(cwd)).toBe('look look look look ')
})

test('`--no-discover` leaves it out, without discovery, and the digest is the same', async () => {
  const cwd = await folder(project)
  const { stdout } = await cloudbench(['config', '--json', '--no-discover'], { cwd })
  const plain = JSON.parse(stdout) as { readonly digest: string; readonly config: object }
  expect(plain.config).toMatchObject({ defaults: { workers: 1, connections: 10 } })
  expect((await cloudbench(['list', '--no-discover'], { cwd })).stdout).toContain('50/s, 10 connections')
  expect(await looksIn(cwd)).toBe('')
  const derived = JSON.parse((await cloudbench(['config', '--json'], { cwd })).stdout) as typeof plain
  expect(derived.config).toMatchObject({ defaults: { workers: 2, connections: 3 } })
  expect(derived.digest).toBe(plain.digest)
})

test('an environment that derives an unknown setting ends the command, and is named', async () => {
  const cwd = await folder({ ...project, 'numa.mjs': numa.replace('defaults.workers', 'defaults.wrokers') })
  for (const command of ['run', 'list', 'config']) {
    const { code, stderr } = await cloudbench([command], { cwd })
    expect(stderr).toMatch(/defaults\.wrokers.*derived by numa/)
    expect(stderr).toContain('did you mean workers?')
    expect(code).toBe(2)
  }
  const throws = numa.replace("facts.numa['cpu.count']", 'facts.none.count')
  const broken = await cloudbench(['config'], { cwd: await folder({ ...project, 'numa.mjs': throws }) })
  expect(broken.stderr).toMatch(/\[numa\] machine:derive: .*undefined/)
  expect(broken.code).toBe(2)
})
