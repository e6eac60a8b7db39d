import { fileURLToPath } from 'node:url'
import { type Flow, openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

const file = fileURLToPath(new URL('fixtures/functions.ts', import.meta.url))

const flowOf = (name: string): Flow =>
  openFlow(driver, 'micro:', { file, function: name, samples: 3 }, { workload: 'module' })

test.each([
  ['failing', 'RangeError'],
  ['coded', 'E_NO'],
  ['rejecting', 'TypeError'],
])('%s: what it throws is an outcome, and the connection stays open', async (name, outcome) => {
  const { open, send, recorded } = flowOf(name)
  const connection = await open()
  for (let request = 0; request < 2; request++)
    expect(await send(connection)).toMatchObject({ name: outcome, ok: false, operation: name })
  expect(recorded['call']).toEqual([])
})

test('an asynchronous function is awaited', async () => {
  const { open, send } = flowOf('waiting')
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
