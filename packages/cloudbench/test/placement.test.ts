import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { RunResult } from '@cloudbench/core'
import { readResult } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { cloudbench, eventually, folder, startCli, typed } from './support/cli.ts'
import { descendantsOf, workersOf } from './support/processes.ts'

/** Skipped where a program is missing, unless the environment requires it, and where it is not permitted what it does. */
const cannotRun = (program: string, ...args: readonly string[]): boolean => {
  const { error, status } = spawnSync(program, [...args, 'true'], { stdio: 'ignore' })
  return error ? process.env['CLOUDBENCH_REQUIRE_NUMACTL'] !== 'true' : status !== 0
}

const load = '--set targets.http.url=loopback --rate 200/s --duration 400ms --warmup 0s --reporter json'

const project = (options: object): Record<string, string> => ({
  'cloudbench.config.mjs': `export default { environment: [['numa', ${JSON.stringify(options)}]] }`,
})

async function resultIn(cwd: string): Promise<RunResult> {
  const [file] = await readdir(join(cwd, '.cloudbench'))
  return await readResult(join(cwd, '.cloudbench', file!))
}

test.skipIf(cannotRun('numactl', '--cpunodebind=0', '--membind=0'))(
  'a worker on its node is in the result: how it was put there, and the proof',
  async () => {
    const cwd = await folder(project({ placement: 'always', nodes: [0] }))
    const { code, stderr } = await cloudbench(typed(`http-json-api ${load}`), { cwd })
    expect(code, stderr).toBe(0)
    const { run, scenarios } = await resultIn(cwd)
    const [worker] = scenarios[0]!.workers
    expect(worker!.launch.wrap).toEqual([
      'numactl',
      expect.stringMatching(/^--cpunodebind=0$|^--all$/),
      expect.anything(),
    ])
    expect(worker!.attribution).toContainEqual(expect.stringContaining('numa: wrap += numactl'))
    expect(worker!.facts['numa']).toMatchObject({ 'numa.nodes': '0', 'numa.memoryPolicy': 'bind:0' })
    expect(run.machines[0]!.facts['numa']).toHaveProperty(['numa.node0.cpus'])
  },
)

test.skipIf(availableParallelism() < 2 || cannotRun('taskset', '-c', '1'))(
  'a worker and the server that we start run on CPUs of their own, and the process that starts them with the server',
  async () => {
    const cwd = await folder(project({ cpus: '1', serverCpus: '0' }))
    const running = startCli(typed(`http-json-api ${load.replace('400ms', '3s')}`), { cwd })
    const { pid } = running.child
    const affinities = (pids: readonly number[]): Promise<string[]> => Promise.all(pids.map(affinityOf))
    // not just any process on CPU 1: the plugin tries the program there first
    await eventually(async () => (await affinities(workersOf(pid!))).includes('1'))
    const [own, ...others] = (await affinities([pid!, ...descendantsOf(pid!)])).filter(
      (cpus) => cpus !== 'ended',
    )
    expect(own).toBe('0')
    expect(others.filter((cpus) => cpus === '1')).toHaveLength(1)
    expect(others.filter((cpus) => cpus !== '1')).not.toEqual([])
    expect(others.every((cpus) => cpus === '0' || cpus === '1')).toBe(true)
    const { code, stderr } = await running.ended
    expect(code, stderr).toBe(0)
    expect((await resultIn(cwd)).scenarios[0]!.workers[0]!.facts['numa']).toMatchObject({ 'numa.cpus': '1' })
  },
)

async function affinityOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return /^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? 'ended'
}
