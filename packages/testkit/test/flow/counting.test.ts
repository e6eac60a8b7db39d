import { Histogram } from '@cloudbench/core'
import { Tally } from '@cloudbench/core/program'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openFlow } from '../../src/flow/index.ts'
import { scripted } from './scripted.ts'

const request = fc.record({
  end: fc.oneof(
    fc.record({ operation: fc.constantFrom('get', 'set'), name: fc.constantFrom('ok', 'miss', 'error') }),
    fc.record({ code: fc.constantFrom('ECONNRESET', 'EPIPE') }),
  ),
  counted: fc.array(fc.tuple(fc.constantFrom('calls', 'retries'), fc.nat(100)), { maxLength: 3 }),
  recorded: fc.array(fc.tuple(fc.constantFrom('wait', 'work'), fc.nat(1e9)), { maxLength: 3 }),
  bytes: fc.record({ sent: fc.nat(1e6), received: fc.nat(1e6) }),
  isLate: fc.boolean(),
})
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never

/** What does not depend on how long something took. */
function timeless({ operations, ...rest }: ReturnType<Tally['drain']>): object {
  return {
    ...rest,
    operations: operations
      .map(({ response, service, lag, failures, ...counts }) => ({
        ...counts,
        counts: [response, service, lag, failures].map(({ count }) => count),
      }))
      .toSorted((a, b) => a.operation.localeCompare(b.operation)),
  }
}

/** A tally that is told the same without a driver, a connection or a slot. */
function tallyOf(requests: readonly Request[]): Tally {
  const tally = new Tally('scripted')
  for (const { end, counted, recorded, bytes } of requests) {
    for (const [name, amount] of counted) tally.counter(name).add(amount)
    for (const [name, valueNs] of recorded) tally.recorder(name).record(valueNs)
    tally.bytes.sent += bytes.sent
    tally.bytes.received += bytes.received
    const outcome =
      'code' in end
        ? tally.outcome(end.code, { ok: false })
        : tally.outcome(end.name, { operation: end.operation, ok: end.name !== 'error' })
    tally.answered(outcome, 0, 0, 1, false)
  }
  return tally
}

test('sending through a flow counts exactly what the tally counts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      async (requests, streams) => {
        const driver = scripted(
          (slot, { outcome, counter, recorder, bytes }) => {
            const { end, counted, recorded, bytes: more, isLate } = requests[slot.index]!
            for (const [name, amount] of counted) counter(name).add(amount)
            for (const [name, valueNs] of recorded) recorder(name).record(valueNs)
            bytes.sent += more.sent
            bytes.received += more.received
            const settle = (): void => {
              if ('code' in end) slot.fail(Object.assign(new Error('lost'), end))
              else slot.done(outcome(end.name, { operation: end.operation, ok: end.name !== 'error' }))
            }
            if (isLate) queueMicrotask(settle)
            else settle()
          },
          { streams },
        )
        const flow = openFlow(driver, 'x:', {}, { atEnd: () => {} })
        const connection = await flow.open()
        const ends = await Promise.allSettled(requests.map((_, index) => flow.send(connection, index)))
        const answers = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
        const seen = {
          counters: { ...flow.counters },
          bytes: { ...flow.bytes },
          counts: flow.countOf(answers),
        }
        const drained = flow.drain()
        expect(timeless(drained)).toEqual(timeless(tallyOf(requests).drain()))
        // and what a test looks at is what was counted
        expect(seen.bytes).toEqual(drained.bytes)
        expect(seen.counters).toEqual(drained.counters)
        for (const [name, values] of Object.entries(flow.recorded))
          expect([values.length, values.reduce((sum, value) => sum + value, 0)]).toEqual([
            drained.recorders[name]!.count,
            new Histogram(drained.recorders[name]!).sum,
          ])
        const counts = drained.operations.flatMap(({ operation, outcomes }) =>
          Object.entries(outcomes)
            .filter(([name, { count }]) => count > 0 && !name.startsWith('E'))
            .map(([name, { count }]) => [`${operation} ${name}`, count]),
        )
        expect(seen.counts).toEqual(Object.fromEntries(counts))
        await flow.close()
      },
    ),
  )
})
