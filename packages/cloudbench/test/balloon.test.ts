import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

const machine = fileURLToPath(new URL('../../../fixtures/proc/cgroup-v2', import.meta.url))

/** The part of a result file that is read here. */
interface Stored {
  readonly scenarios: readonly {
    readonly judgement: { readonly reasons: readonly { readonly code: string }[] }
    readonly processes: readonly [
      { readonly facts: Readonly<Record<string, Readonly<Record<string, number>>>> },
    ]
  }[]
}

test('a memory limit that moves during a run: one warning, a mark, and a static limit for workers that start later', async () => {
  const cwd = await folder({
    'cloudbench.config.mjs': `
      import { writeFileSync } from 'node:fs'
      const limitFile = './machine/sys/fs/cgroup/system.slice/bench.service/memory.max'
      const bench = { target: 'server', rate: '200/s', warmup: '0s', duration: '4s' }
      export default {
        environment: [['memory', { root: './machine' }]],
        targets: { server: { driver: 'redis', url: 'loopback' } },
        scenarios: { before: bench, after: bench },
        reporters: [['json', { file: 'result.json', stdout: false }]],
        output: '.',
        plugins: [{
          name: 'hypervisor',
          hooks: { interval: () => writeFileSync(limitFile, String(400 * 1024 * 1024)) },
        }],
      }`,
  })
  await cp(machine, join(cwd, 'machine'), { recursive: true })
  const { stderr } = await cloudbench(['run', '--allow-invalid'], { cwd })
  expect(stderr.match(/balloon detected: the memory limit moved from 512 MiB to 400 MiB/g)).toHaveLength(1)
  const { scenarios } = JSON.parse(await readFile(join(cwd, 'result.json'), 'utf8')) as Stored
  const [before, after] = scenarios
  expect(before?.judgement.reasons.map(({ code }) => code)).toContain('MEMORY_LIMIT_MOVED')
  expect(before?.processes[0].facts['memory']).not.toHaveProperty(['memory.staticLimitBytes'])
  // 0.9 × 512 MiB is more than the group has now
  expect(after?.processes[0].facts['memory']).toMatchObject({ 'memory.staticLimitBytes': 400 * 1024 * 1024 })
})
