import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readResult } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { cloudbench, folder, startCli, typed } from '../support/cli.ts'

/** Answers after 5 ms, from a loopback server that is none, or has no such server. */
const driver = (
  name: string,
  loopback: string,
): string => `import { setTimeout as sleep } from 'node:timers/promises'
import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: '${name}',
  ${loopback}
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: () => sleep(5, ok), close() {} }
  },
})`
const project = {
  'slow.mjs': driver('slow', "loopback: () => ({ target: 'slow://loopback', close() {} }),"),
  'bare.mjs': driver('bare', ''),
  'config/targets/slow.yaml': 'driver: ./slow.mjs\nurl: slow://far\n',
  'config/targets/bare.yaml': 'driver: ./bare.mjs\nurl: bare://far\n',
  'config/scenarios/waits.yaml': 'target: slow\nrate: 50/s\nconnections: 4\nduration: 300ms\nwarmup: 0s\n',
  'config/scenarios/bares.yaml': 'target: bare\nrate: 50/s\n',
  'cloudbench.config.mjs': 'export default { environment: [] }',
}

interface Row {
  readonly scenario: string
  readonly driver: string
  readonly workers?: number
  readonly perSecond: number | null
  readonly why?: string
  readonly steps?: readonly {
    readonly perSecond: number
    readonly lagP99Ms: number
    readonly achieved: number
  }[]
}

test('what is found is kept, and the result of a later run has it', async () => {
  const cwd = await folder(project)
  const env = { XDG_CACHE_HOME: join(cwd, 'cache') }
  // on a busy machine not even a low rate may be sent on time, or nothing be answered in so short a time
  let row: Row | undefined
  for (let tries = 0; tries < 20 && !row?.perSecond; tries++) {
    const { code, stdout, stderr } = await cloudbench(typed('calibrate waits --duration 1s --json'), {
      cwd,
      env,
    })
    ;[row] = JSON.parse(stdout) as [Row]
    expect(row).toMatchObject({ scenario: 'waits', flow: 'main', workers: 1 })
    if (row.why === undefined) {
      expect(code, stderr).toBe(row.perSecond === null ? 3 : 0)
      expect(row).toMatchObject({ driver: 'slow', client: null })
    } else {
      expect(code, stderr).toBe(2)
      expect(row.why).toMatch(/^flow main: (nothing was sent|none of \d+ requests)/)
    }
  }
  expect(row!.steps!.length).toBeGreaterThan(1)
  // four connections, 5 ms each: no generator gets more out of them
  expect(row!.perSecond).toBeGreaterThan(0)
  expect(row!.perSecond).toBeLessThan(1_000)

  const flowIn = async (...args: string[]): Promise<object> => {
    const output = await folder()
    const { code, stderr } = await cloudbench(
      [...typed(`waits --reporter json --output ${output}`), ...args],
      {
        cwd,
        env,
      },
    )
    expect(code, stderr).toBe(0)
    const [file] = await readdir(output)
    return (await readResult(join(output, file!))).scenarios[0]!.scenario.flows[0]!
  }
  expect(await flowIn()).toMatchObject({ ceiling: { perSecond: row!.perSecond } })
  // whatever decides it counts
  expect(await flowIn('--connections', '5')).not.toHaveProperty('ceiling')
  expect(await flowIn('--workers', '2')).not.toHaveProperty('ceiling')
})

test('a driver without a loopback server is named, and the exit code says that it could not be done', async () => {
  const { code, stdout } = await cloudbench(typed('calibrate bares --duration 1s'), {
    cwd: await folder(project),
  })
  expect(code).toBe(2)
  expect(stdout).toMatch(/^bares +\S*bare\.mjs +1 worker +unknown +.*driver "bare" has no loopback server/m)
})

test('one worker is looked at, and as many as the scenario has', async () => {
  const { stdout } = await cloudbench(typed('calibrate waits --workers 2 --duration 1s --json'), {
    cwd: await folder(project),
    env: { XDG_CACHE_HOME: await folder() },
  })
  expect((JSON.parse(stdout) as Row[]).map(({ workers }) => workers)).toEqual([1, 2])
})

test('flows are selected by their driver', async () => {
  const cwd = await folder(project)
  const { code, stderr } = await cloudbench(typed('calibrate --driver redis --duration 1s'), { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain('no flow of the selected scenarios has the driver redis')
  expect(stderr).toContain('expected: one of ./bare.mjs, ./slow.mjs')
})

test('a time that is too short is refused', async () => {
  const { code, stderr } = await cloudbench(typed('calibrate --duration 100ms'), {
    cwd: await folder(project),
  })
  expect(code).toBe(2)
  expect(stderr).toContain('--duration 100ms is too short')
})

test('an interrupt ends it, and nothing is kept', async () => {
  const cache = await folder()
  const running = startCli(typed('calibrate waits --duration 60s'), {
    cwd: await folder(project),
    env: { XDG_CACHE_HOME: cache },
  })
  await new Promise<void>((resolve) => running.child.stderr!.once('data', () => resolve()))
  running.child.kill('SIGINT')
  expect((await running.ended).code).toBe(130)
  expect(await readdir(cache)).toEqual([])
})
