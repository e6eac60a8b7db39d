import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CloudbenchError } from '@cloudbench/core'
import { type Flow, openFlow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const file = fixture('functions.ts')

const flowOf = (options: Record<string, unknown>, target = 'micro:'): Flow =>
  openFlow(driver, target, options, { workload: 'module' })

async function refusal(options: Record<string, unknown>, target?: string): Promise<string> {
  return await flowOf(options, target)
    .open()
    .then(
      () => {
        throw new Error('the connection was opened')
      },
      (error: CloudbenchError) => error.format(),
    )
}

test.each([
  ['failing', 'RangeError'],
  ['coded', 'E_NO'],
  ['rejecting', 'TypeError'],
])('%s: what is thrown is an outcome, and the connection stays', async (name, outcome) => {
  const { open, send, recorded } = flowOf({ file, function: name, samples: 3 })
  const connection = await open()
  for (let request = 0; request < 2; request++)
    expect(await send(connection)).toMatchObject({ name: outcome, ok: false, operation: name })
  expect(recorded['call']).toEqual([])
})

test('an asynchronous function is waited for', async () => {
  const { open, send } = flowOf({ file, function: 'waiting', samples: 3 })
  const connection = await open()
  let isDone = false
  const sent = send(connection).then((outcome) => {
    isDone = true
    return outcome
  })
  await Promise.resolve()
  expect(isDone).toBe(false)
  expect(await sent).toMatchObject({ name: 'completed', ok: true, operation: 'waiting' })
})

test('a function that works never is refused before the load', async () => {
  expect(await refusal({ file, function: 'broken' })).toMatch(/CB_CONNECT: broken does not work: never works/)
})

test('a function that there is not: the error lists those that there are', async () => {
  expect(await refusal({ file, function: 'countin' })).toMatch(
    /exports no function countin\n {2}expected: one of its functions: .*failing.*\n {2}next: options\.function: /,
  )
  expect(await refusal({ file, function: 'version' })).toMatch(/exports no function version/)
})

test('a module that there is not, and one that does not load', async () => {
  expect(await refusal({ file: fixture('no-such.ts') })).toMatch(/no-such\.ts failed while it was imported/)
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-micro-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const broken = join(folder, 'broken.mjs')
  await writeFile(broken, "throw new Error('this module does not load')")
  expect(await refusal({ file: broken })).toMatch(/imported: this module does not load/)
})

test('an address would be ignored, so it is refused', async () => {
  expect(await refusal({ file }, 'http://127.0.0.1:8080')).toMatch(/CB_TARGET: .*\n.*\n.*remove the target/)
})
