import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { identify, isRunning, terminate } from '../../src/machine/process.ts'
import { patienceMs } from '../support/wait.ts'

async function child(script: string) {
  const started = spawn(process.execPath, ['-e', `${script}; console.log('up')`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void started.kill('SIGKILL'))
  const exited = once(started, 'exit')
  await once(started.stdout, 'data')
  const identity = await identify(started.pid ?? 0)
  if (!identity) throw new Error('it has ended')
  return { identity, exited }
}

test('a process that heeds SIGTERM ends by it', async () => {
  const { identity, exited } = await child('setInterval(() => {}, 1000)')
  expect(await isRunning(identity)).toBe(true)
  expect(await terminate(identity, patienceMs)).toBe(true)
  expect(await exited).toEqual([null, 'SIGTERM'])
  expect(await terminate(identity, patienceMs)).toBe(true)
})

test('a process that ignores SIGTERM is killed', async () => {
  const { identity, exited } = await child(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`)
  expect(await terminate(identity, 100)).toBe(true)
  expect(await exited).toEqual([null, 'SIGKILL'])
})

test('another process with the same id is not touched', async () => {
  const { identity } = await child('setInterval(() => {}, 1000)')
  expect(await terminate({ pid: identity.pid, startTime: 'long ago' }, 100)).toBe(true)
  expect(await isRunning(identity)).toBe(true)
})

test.each([-1, 0, 1])('%i is never a target', async (pid) => {
  expect(await terminate({ pid, startTime: (await identify(pid))?.startTime ?? '' }, 100)).toBe(false)
})
