import { expect, onTestFinished, test } from 'vitest'
import { replay, run } from './run.ts'
import { startReceiver } from './servers/receiver.ts'

const scenarios = {
  open: { target: 'server', workload: 'mixed', rate: '100/s', connections: 2, trace: '1/5' },
  closed: { target: 'server', workload: 'mixed', connections: 2 },
}

/** In any order. */
function sorted(list: readonly object[]): string[] {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
  return list.map(text).toSorted()
}

test.for(['cumulative', 'delta', 'lowmemory'])(
  'a replay sends the same spans and points as the run, to the nanosecond: %s',
  async (temporality) => {
    const [live, later] = [await startReceiver(), await startReceiver()]
    onTestFinished(async () => {
      await live.close()
      await later.close()
    })
    const options = { protocol: 'http/json', temporality }
    const { result } = await run({ endpoint: live.url, ...options }, scenarios, '500ms')
    await replay(result, { endpoint: later.url, ...options })
    const [before, after] = [live.received(), later.received()]
    expect(before.points.length).toBeGreaterThan(100)
    expect(sorted(after.spans)).toEqual(sorted(before.spans))
    expect(sorted(after.points)).toEqual(sorted(before.points))
  },
)
