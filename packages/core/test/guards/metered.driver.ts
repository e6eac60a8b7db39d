import {
  defineDriver,
  defineWorkload,
  type Connection,
  type DriverContext,
  type Slot,
} from '../../src/index.ts'

/** Requests until the compiler has seen enough, and those that are measured after that. */
const warmup = 400_000
const measured = 400_000

/** Answers at once, and records how far the heap grows while nothing is collected. */
function metered(
  { outcome, counter }: DriverContext,
  before: (request: number, slot: Slot) => void,
): Connection {
  const ok = outcome('ok')
  const bytes = counter('heapBytesPerKiloRequest')
  let requests = 0
  let last = 0
  let grown = 0
  const count = (): void => {
    requests++
    if (requests % 1_000 !== 0 || requests < warmup || requests > warmup + measured) return
    const { heapUsed } = process.memoryUsage()
    // a collection in between shrinks the heap: that thousand is discarded
    if (requests > warmup) grown += Math.max(0, heapUsed - last)
    last = heapUsed
    if (requests === warmup + measured) bytes.add(Math.max(1, Math.round(grown / (measured / 1_000))))
  }
  return {
    streams: 16,
    issue(slot) {
      count()
      before(requests, slot)
      slot.done(ok)
    },
    close() {},
  }
}

/** Kept for a while, so that the compiler cannot do without them. */
const ring: unknown[] = Array.from({ length: 1_024 })

export default defineDriver({
  name: 'metered',
  workloads: {
    lean: defineWorkload({ connect: (context) => metered(context, () => {}) }),
    checked: defineWorkload({ connect: (context) => metered(context, (_, slot) => slot.answered()) }),
    wasteful: defineWorkload({
      connect: (context) =>
        metered(context, (request) => {
          ring[request % ring.length] = { request, at: {} }
        }),
    }),
  },
})
