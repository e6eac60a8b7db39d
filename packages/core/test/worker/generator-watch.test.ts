import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { GeneratorWatch } from '../../src/worker/generator-watch.ts'

/** An array of ten elements: what lies in front of it, and its elements with theirs. */
const bytesEach = 32 + 16 + 80
const perTurn = 10_000
/** Kept here, so that no optimization takes the allocation away. */
let last: unknown

async function allocate(turns: number): Promise<number> {
  for (let turn = 0; turn < turns; turn++) {
    for (let at = 0; at < perTurn; at++) last = Array(10)
    // a collection is told in a later turn of the loop
    await setImmediate()
  }
  return turns * perTurn * bytesEach
}

test.each([
  ['without a collection', 1],
  ['over a few collections', 20],
  ['over more collections than are profiled', 200],
])('what the heap allocated is known %s', async (_, turns) => {
  const watch = new GeneratorWatch()
  onTestFinished(() => watch.close())
  await allocate(20)
  watch.drain()
  const bytes = await allocate(turns)
  const { allocatedBytes, gcCount } = watch.drain()
  expect(last).toHaveLength(10)
  expect(allocatedBytes / bytes).toBeGreaterThan(0.95)
  expect(allocatedBytes / bytes).toBeLessThan(1.1)
  if (turns === 200) expect(gcCount).toBeGreaterThan(64)
  expect(watch.drain().allocatedBytes).toBeLessThan(0.1 * bytes)
})
