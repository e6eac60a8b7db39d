import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

/** A network namespace of its own, with kernel settings of its own; what they are once the run is over comes last. */
const namespace = [
  'unshare',
  '-n',
  'sh',
  '-c',
  '"$@"; code=$?; cat /proc/sys/net/core/somaxconn; exit $code',
  'sh',
]

const canChange =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-n', 'sh', '-c', 'echo 128 >/proc/sys/net/core/somaxconn']).status === 0

/** In a namespace of its own, buffers belong to the host: they can be read, and not set. */
const isRefused =
  canChange &&
  spawnSync('unshare', [
    '-n',
    'sh',
    '-c',
    'old=$(cat /proc/sys/net/core/rmem_max) && [ "$old" -lt 26214400 ] && ! echo "$old" >/proc/sys/net/core/rmem_max',
  ]).status === 0

const key = 'net.core.somaxconn'
const project = (options: object) => ({
  // says what holds while a worker connects
  'echo.mjs': `import { readFileSync, writeFileSync } from 'node:fs'
import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'echo',
  connect({ outcome }) {
    const ok = outcome('ok')
    writeFileSync(new URL('seen', import.meta.url), readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
    return { request: async () => ok, close() {} }
  },
})`,
  'config/targets/here.yaml': 'driver: ./echo.mjs\nurl: echo://here\n',
  'config/scenarios/reads.yaml': 'target: here\nrate: 50/s\nduration: 200ms\nwarmup: 0s\n',
  'cloudbench.config.mjs': `export default { environment: [['network', ${JSON.stringify(options)}]] }`,
})

test.skipIf(!canChange)(
  'a run applies kernel settings where it is asked to, and puts them back',
  async () => {
    const cwd = await folder(project({ apply: [key] }))
    const env = { XDG_STATE_HOME: join(cwd, 'state') }
    const { stdout, stderr } = await cloudbench(['reads', '--reporter', 'json'], {
      cwd,
      env,
      within: namespace,
    })
    expect(await readFile(join(cwd, 'seen'), 'utf8'), stderr).toBe('65535\n')
    const [result = '', after] = stdout.trim().split('\n')
    expect(JSON.parse(result)).toMatchObject({ scenario: 'reads' })
    expect(Number(after)).toBeLessThan(65_535)
    expect(await readdir(join(cwd, 'state/cloudbench/network'))).toEqual([])
  },
)

test.skipIf(!canChange)('a run that was not asked to changes nothing', async () => {
  const cwd = await folder(project({}))
  const env = { XDG_STATE_HOME: join(cwd, 'state') }
  const { stdout } = await cloudbench(['reads', '--reporter', 'json'], { cwd, env, within: namespace })
  const after = stdout.trim().split('\n').at(-1)
  expect(await readFile(join(cwd, 'seen'), 'utf8')).toBe(`${after}\n`)
  expect(await readdir(cwd)).not.toContain('state')
})

test.skipIf(!isRefused)(
  'one that cannot be set ends the run before any load, with the command to type',
  async () => {
    const cwd = await folder(project({ apply: [key, 'net.core.rmem_max'] }))
    const env = { XDG_STATE_HOME: join(cwd, 'state') }
    const { code, stdout, stderr } = await cloudbench(['reads'], { cwd, env, within: namespace })
    expect(code).toBe(2)
    expect(stderr).toMatch(/net\.core\.rmem_max cannot be set from \d+ to 26214400: no permission/)
    expect(stderr).toMatch(/next: type (sudo )?sysctl -w net\.core\.rmem_max=26214400 on the host/)
    expect(Number(stdout.trim().split('\n').at(-1))).toBeLessThan(65_535)
    expect(await readdir(cwd)).not.toContain('seen')
  },
)
