import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startService } from '../../src/index.ts'
import { identify } from '../../src/machine/process.ts'
import { fakeDocker } from '../support/docker.ts'
import { withoutRedis } from '../support/installed.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { eventually, isGone } from '../support/wait.ts'

interface Parent {
  readonly process: ChildProcess
  readonly exited: Promise<unknown>
  readonly service: { readonly url: string; readonly pid?: number }
}

async function parent(stateDir: string, how: string, ending: string, env = process.env): Promise<Parent> {
  const file = fileURLToPath(new URL('../fixtures/parent.ts', import.meta.url))
  const child = spawn(process.execPath, [file, stateDir, how, ending], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const stderr: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const line = (await Promise.race([once(child.stdout, 'data'), exited.then(() => [''])])) as [
    Buffer | string,
  ]
  if (line[0].length === 0) throw new Error(Buffer.concat(stderr).toString())
  return { process: child, exited, service: JSON.parse(String(line[0])) as Parent['service'] }
}

/** The process that started another one, by `/proc`. */
async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1])
}

describe.skipIf(withoutRedis)('redis', () => {
  test('a parent that is killed leaves no orphan and no files', async () => {
    const stateDir = await stateFolder()
    const { process: killed, exited, service } = await parent(stateDir, 'local', 'wait')
    expect(await isGone(service.pid)).toBe(false)
    killed.kill('SIGKILL')
    await exited
    await eventually(() => isGone(service.pid))
    await eventually(async () => (await readdir(stateDir)).length === 0)
  })

  test('a parent that forgets to stop it is not kept alive, and it goes too', async () => {
    const stateDir = await stateFolder()
    const { exited, service } = await parent(stateDir, 'local', 'forget')
    expect(await exited).toEqual([0, null])
    await eventually(() => isGone(service.pid))
    await eventually(async () => (await readdir(stateDir)).length === 0)
  })

  test('a parent that crashes takes it down too', async () => {
    const { exited, service } = await parent(await stateFolder(), 'local', 'throw')
    expect(await exited).not.toEqual([0, null])
    await eventually(() => isGone(service.pid))
  })

  test('stop returns when it is gone, and may be called again', async () => {
    const stateDir = await stateFolder()
    const redis = await startService('redis', { stateDir, how: 'local', attached: true })
    expect(await readdir(stateDir)).toHaveLength(1)
    await Promise.all([redis.stop(), redis.stop()])
    await redis.stop()
    expect(await isGone(redis.pid)).toBe(true)
    expect(await readdir(stateDir)).toEqual([])
  })

  test.skipIf(process.platform !== 'linux')('stop ends it even when the watchdog was killed', async () => {
    const stateDir = await stateFolder()
    const { pid = 0, stop } = await startService('redis', { stateDir, how: 'local', attached: true })
    const watchdog = await parentOf(pid)
    expect(watchdog).not.toBe(process.pid)
    process.kill(watchdog, 'SIGKILL')
    await eventually(async () => (await identify(watchdog)) === undefined)
    await stop()
    expect(await isGone(pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })
})

test('a container goes down with a parent that is killed', async () => {
  const docker = await fakeDocker('works')
  const stateDir = await stateFolder(docker.env)
  const { process: killed, exited } = await parent(stateDir, 'compose', 'wait', docker.env)
  expect(await leftovers(stateDir)).toContain('container.pid')
  killed.kill('SIGKILL')
  await exited
  await eventually(async () => (await readdir(stateDir)).length === 0)
  const verbs = (await docker.calls()).map((call) => call.find((word) => ['up', 'down', 'ps'].includes(word)))
  expect(verbs.slice(2)).toEqual(['up', 'down', 'ps'])
})
