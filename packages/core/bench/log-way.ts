import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { pack } from 'msgpackr'
import { RequestIds } from '../src/load/request-ids.ts'
import type { Outcome } from '../src/plugin/driver.ts'
import { AllocationMeter } from '../src/worker/allocation-meter.ts'
import { RequestLog } from '../src/worker/log/request-log.ts'
import type { RequestSlot } from '../src/worker/slots.ts'

// logs requests as fast as it can in one of three ways, and says what each took: `node bench/log-way.ts ring 2000000`

const perTurn = 1_000
/** A ring holds more than twice as many. */
const mostWaiting = 20_000

const [way = '', count = '0'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'cloudbench-bench-log-'))
const slot = { index: 0, dueMs: 1000.5, sentMs: 1000.6, lane: { index: 3 } } as RequestSlot
const outcome: Outcome = { name: 'hit', ok: true, operation: 'get' }

interface Log {
  ended(doneMs: number): void
  /** How many are in the file. Absent where nothing is lost. */
  readonly written?: number
  close(): Promise<number>
}

/** What the loop costs by itself. */
function nothing(): Log {
  let sum = 0
  return {
    ended: (doneMs) => void (sum += doneMs + slot.index),
    close: async () => (sum > 0 ? slot.index : 0),
  }
}

async function ring(): Promise<Log> {
  const log = await RequestLog.open({
    run: 'bench',
    scenario: 'bench',
    worker: { index: 0, total: 1 },
    log: {
      file: join(folder, 'ring'),
      sample: 1,
      anchor: { monotonicNs: 0, wallClockMs: 0 },
      flows: [{ name: 'main', driver: 'redis', workload: 'get' }],
      phases: [],
      version: '',
    },
  })
  const flow = log.observer('main')
  return {
    ended: (doneMs) => flow.ended(slot, outcome, doneMs),
    get written() {
      return log.segments.written.records
    },
    close: async () => (await log.close()).records,
  }
}

/** As one would write it: an object for each request, packed, and written to a stream. */
function naive(): Log {
  const stream = createWriteStream(join(folder, 'naive'))
  const ids = new RequestIds('bench', 'bench', 'main', 1)
  return {
    ended(doneMs) {
      const { index, dueMs, sentMs } = slot
      const [, trace_id, span_id] = ids.traceparent(index).split('-')
      const { name, operation } = outcome
      const names = { scenario: 'bench', flow: 'main', operation, outcome: name, connection: slot.lane.index }
      const times = { due: dueMs * 1e6, sent: sentMs * 1e6, done: doneMs * 1e6 }
      stream.write(pack({ ...names, index, ...times, trace_id, span_id }))
    },
    async close() {
      await new Promise<void>((resolve) => stream.end(resolve))
      return slot.index
    },
  }
}

const log = await { nothing, ring, naive }[way]!()
const meter = new AllocationMeter()
let collections = 0
let pauseMs = 0
const observer = new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    collections++
    pauseMs += duration
    meter.collected()
  }
})
const total = Number(count)
let cpu = process.cpuUsage()
for (let index = 0; index < 2 * total; index += perTurn) {
  if (index === total) {
    // the first half is to warm up
    observer.observe({ type: 'gc' })
    meter.drain()
    cpu = process.cpuUsage()
  }
  for (let one = 0; one < perTurn; one++) {
    slot.index = index + one + 1
    slot.dueMs += 0.01
    slot.sentMs += 0.01
    log.ended(slot.sentMs + 0.1)
  }
  await turn()
  while (slot.index - (log.written ?? slot.index) > mostWaiting) await sleep(1)
}
const allocated = meter.drain()
const written = await log.close()
const { user, system } = process.cpuUsage(cpu)
await turn()
rmSync(folder, { recursive: true })
if (written !== slot.index) throw new Error(`${written} of ${slot.index} records are in the log`)
console.log(
  JSON.stringify({
    ns: ((user + system) * 1000) / total,
    bytes: allocated / total,
    collections,
    pauseMs,
  }),
)
process.exit()
