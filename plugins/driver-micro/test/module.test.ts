import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { open, send } from './context.ts'

const file = fileURLToPath(new URL('fixtures/functions.ts', import.meta.url))

test.each([
  ['failing', 'RangeError'],
  ['coded', 'E_NO'],
  ['rejecting', 'TypeError'],
])('%s: what it throws is an outcome, and the connection stays open', async (name, outcome) => {
  const tested = await open('module', { file, function: name, samples: 3 })
  for (let request = 0; request < 2; request++)
    expect(await send(tested)).toEqual({ name: outcome, ok: false, operation: name })
  expect(tested.recorded['call']).toEqual([])
})

test('an asynchronous function is awaited', async () => {
  const tested = await open('module', { file, function: 'waiting', samples: 3 })
  let isDone = false
  const sent = send(tested).then((outcome) => {
    isDone = true
    return outcome
  })
  await Promise.resolve()
  expect(isDone).toBe(false)
  expect(await sent).toMatchObject({ name: 'completed', ok: true, operation: 'waiting' })
})
