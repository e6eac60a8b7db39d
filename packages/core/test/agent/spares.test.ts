import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { addOwnFlags, argvOf, blankLaunch } from '../../src/agent/launch.ts'
import { createSpares, spawnChild, type Spares } from '../../src/agent/spares.ts'
import { runSteady } from '../support/run.ts'

/** Spares that say which of their processes were taken. */
function watched(): { readonly spares: Spares; readonly taken: (ChildProcess | undefined)[] } {
  const spares = createSpares()
  onTestFinished(() => spares.close())
  const taken: (ChildProcess | undefined)[] = []
  const take: Spares['take'] = (argv) => {
    const child = spares.take(argv)
    taken.push(child)
    return child
  }
  return { spares: { ...spares, take }, taken }
}

it('the worker and the loopback server of a run are those that were started ahead', async () => {
  const { spares, taken } = watched()
  spares.addLoopback()
  const driver = './two-clients.driver.ts'
  const flow = {
    name: 'main',
    driver,
    workload: undefined,
    target: { name: 'server', url: 'loopback' },
    options: {},
  }
  const scenario = { flows: [flow] }
  const { reason, scenarios } = await runSteady({
    scenarios: [scenario],
    durationMs: 300,
    options: { spares },
  })
  expect(reason).toBe('passed')
  expect(taken.map((child) => child?.pid)).toEqual([expect.any(Number), scenarios[0]!.workers[0]!.pid])
})

it('further workers are started as they are needed', async () => {
  const { spares, taken } = watched()
  const { scenarios } = await runSteady({ workers: 2, durationMs: 300, options: { spares } })
  const pids = scenarios[0]!.workers.map(({ pid }) => pid)
  expect(new Set(pids)).toHaveProperty('size', 2)
  expect(taken.map((child) => child?.pid).filter((pid) => pid !== undefined)).toEqual([pids[0]])
})

it('one that an environment would have shaped is not used', async () => {
  const { spares, taken } = watched()
  const file = join(tmpdir(), `cloudbench-spares-${process.pid}`)
  const { reason } = await runSteady({
    durationMs: 300,
    environment: [{ specifier: './marking.environment.ts', options: { file } }],
    options: { spares },
  })
  expect(reason).toBe('passed')
  expect(taken.filter((child) => child !== undefined)).toEqual([])
})

it('one that has died is not used', async () => {
  const { spares, taken } = watched()
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-spares-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'exits.mjs')
  const note = join(folder, 'pid')
  writeFileSync(
    file,
    `import { renameSync, writeFileSync } from 'node:fs'
writeFileSync('${note}.new', String(process.pid))
renameSync('${note}.new', '${note}')
process.exit(3)`,
  )
  spares.preload(pathToFileURL(file).href)
  await vi.waitFor(() => expect(existsSync(note)).toBe(true), 100_000)
  const pid = Number(readFileSync(note, 'utf8'))
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 100_000)
  const { reason } = await runSteady({ durationMs: 300, options: { spares } })
  expect(reason).toBe('passed')
  expect(taken).toEqual([undefined])
})

it('those that nothing has taken end with the program', async () => {
  const spares = createSpares()
  const kept = createSpares()
  const launch = blankLaunch(0, 1)
  addOwnFlags(launch)
  const argv = argvOf(launch)
  const child = kept.take(argv)!
  onTestFinished(() => void child.kill('SIGKILL'))
  kept.close()
  expect(child.killed).toBe(false)
  spares.close()
  expect(spares.take(argv)).toBeUndefined()
})

it('a driver that cannot be imported ahead is refused as ever', async () => {
  const { spares } = watched()
  spares.preload('file:///nowhere/driver.mjs')
  const { reason } = await runSteady({ durationMs: 300, options: { spares } })
  expect(reason).toBe('passed')
})

it('a process keeps what is freed in few places, unless its environment says in how many', async () => {
  const told = async (env: Readonly<Record<string, string>>): Promise<unknown> => {
    const script = 'process.send(process.env.MALLOC_ARENA_MAX)'
    const child = spawnChild([process.execPath, '--eval', script], env)
    const [message] = (await once(child, 'message')) as [unknown]
    return message
  }
  expect(await told({})).toBe('2')
  expect(await told({ MALLOC_ARENA_MAX: '8' })).toBe('8')
})
