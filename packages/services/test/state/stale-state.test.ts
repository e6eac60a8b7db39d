import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { identify } from '../../src/machine/process.ts'
import { withoutRedis } from '../support/installed.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { eventually, isGone } from '../support/wait.ts'

async function writeState(
  stateDir: string,
  process: object,
  folder = join(stateDir, 'redis-x'),
): Promise<void> {
  const port = await freePort()
  const record = {
    name: 'redis',
    how: 'local',
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    startedAt: '',
  }
  await writeFile(join(stateDir, 'services.json'), JSON.stringify([{ ...record, ...process }]))
}

async function stranger(): Promise<number> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child.pid ?? 0
}

test('a process with the same id but another start time is left alone', async () => {
  const stateDir = await stateFolder()
  const pid = await stranger()
  await mkdir(join(stateDir, 'redis-x'))
  await writeState(stateDir, { pid, startTime: '1@another boot' })
  expect(await listServices({ stateDir })).toEqual([])
  expect(await stopService('redis', { stateDir })).toEqual({ stopped: false })
  expect(await identify(pid)).toBeDefined()
  expect(await leftovers(stateDir)).toEqual([])
})

test('a record without a process is forgotten', async () => {
  const stateDir = await stateFolder()
  await writeState(stateDir, {})
  expect(await stopService('redis', { stateDir })).toEqual({ stopped: false })
})

test.each([
  ['no JSON', '{'],
  ['another shape', '{"redis": 1}'],
  ['a folder that is not ours to remove', undefined],
])('a state file with %s is an error that names it', async (_, text) => {
  const stateDir = await stateFolder()
  const file = join(stateDir, 'services.json')
  if (text === undefined) await writeState(stateDir, {}, '/usr/lib')
  else await writeFile(file, text)
  for (const refused of [
    listServices,
    () => stopService('redis', { stateDir }),
    () => startService('redis', { stateDir }),
  ])
    await expect(refused({ stateDir })).rejects.toMatchObject({
      message: `${file} is damaged, so it is not known which services run`,
      next: `stop services that still run by hand, then remove ${file}`,
    })
  expect(await findService('redis', { stateDir, port: await freePort() })).toBeUndefined()
  await writeFile(file, '[]')
})

test('a lock whose owner has died is taken over', async () => {
  const stateDir = await stateFolder()
  const pid = await stranger()
  await writeFile(join(stateDir, 'redis.lock'), JSON.stringify({ pid, startTime: '1@another boot' }))
  await writeFile(join(stateDir, 'services.lock'), 'no owner')
  expect(await stopService('redis', { stateDir })).toEqual({ stopped: false })
  expect(await leftovers(stateDir)).toEqual(['services.lock'])
})

describe.skipIf(withoutRedis)('redis', () => {
  test('one that was killed is not listed, is not stopped, and is replaced', async () => {
    const stateDir = await stateFolder()
    const first = await startService('redis', { stateDir, how: 'local' })
    process.kill(first.pid ?? 0, 'SIGKILL')
    await eventually(() => isGone(first.pid))
    expect(await listServices({ stateDir })).toEqual([])
    expect(await findService('redis', { stateDir, port: await freePort() })).toBeUndefined()

    const second = await startService('redis', { stateDir, how: 'local' })
    expect(second.reused).toBe(false)
    expect(second.pid).not.toBe(first.pid)
    expect((await leftovers(stateDir)).length).toBe(1)

    process.kill(second.pid ?? 0, 'SIGKILL')
    await eventually(() => isGone(second.pid))
    expect(await stopService('redis', { stateDir })).toEqual({ stopped: false })
    expect(await leftovers(stateDir)).toEqual([])
  })
})
