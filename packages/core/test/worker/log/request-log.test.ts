import { createReadStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { unpackMultiple, UnpackrStream } from 'msgpackr'
import { expect, onTestFinished, test } from 'vitest'
import { machineOffsetMs } from '../../../src/load/clock.ts'
import { RequestIds } from '../../../src/load/request-ids.ts'
import type { Ending } from '../../../src/worker/log/flow-log.ts'
import { RequestLog } from '../../../src/worker/log/request-log.ts'
import type { RequestSlot } from '../../../src/worker/slots.ts'
import { Tally } from '../../../src/worker/tally.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cloudbench-log-'))
  onTestFinished(async () => {
    await chmod(path, 0o700)
    await rm(path, { recursive: true, force: true })
  })
  return path
}

const order = (file: string, sample = 1) => ({
  run: 'run-1',
  scenario: 'checkout',
  worker: { index: 1, total: 3 },
  log: {
    file,
    sample,
    anchor: { monotonicNs: 5e12, wallClockMs: 1.8e12 },
    flows: [{ name: 'main', driver: 'redis', workload: 'get' }],
    phases: [
      { name: 'warmup', kind: 'warmup' as const },
      { name: 'measure', kind: 'measure' as const },
    ],
    version: '1.2.3',
  },
})

const tally = new Tally('get')
const endings: readonly Ending[] = [
  tally.outcome('hit'),
  tally.outcome('miss', { operation: 'set' }),
  tally.outcome('refused', { ok: false }),
  'timedOut',
  'unanswered',
]

interface Request {
  readonly index: number
  readonly connection: number
  readonly dueMs: number
  readonly sentMs: number
  readonly doneMs: number
  readonly ending: number
}

const timeMs = fc.double({ min: 0, max: 1e10, noNaN: true })
const request: fc.Arbitrary<Request> = fc.record({
  index: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  connection: fc.nat({ max: 2 ** 32 - 1 }),
  dueMs: timeMs,
  sentMs: timeMs,
  doneMs: timeMs,
  ending: fc.nat({ max: endings.length - 1 }),
})

const slotOf = ({ index, connection, dueMs, sentMs }: Request): RequestSlot =>
  ({ index, dueMs, sentMs, lane: { index: connection } }) as RequestSlot

/** The values of a file, without frames. */
async function valuesIn(file: string): Promise<readonly unknown[]> {
  const values: unknown[] = unpackMultiple(await readFile(file))
  return values.filter((value) => !(Array.isArray(value) && value[0] === 'cblog'))
}

test('what is written is what is read, as a plain stream of msgpack', async () => {
  const path = await folder()
  let files = 0
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 50 }), async (requests) => {
      const file = join(path, `${files++}.cblog`)
      const log = await RequestLog.open(order(file))
      const flow = log.observer('main')
      log.phase = 1
      for (const one of requests) flow.ended(slotOf(one), endings[one.ending]!, one.doneMs)
      const { bytes, ...totals } = await log.close()
      expect(totals).toEqual({ records: requests.length, dropped: 0 })
      expect((await readFile(file)).length).toBe(bytes)
      const [header, ...rest] = await valuesIn(file)
      expect(header).toMatchObject({ format: 'cloudbench-log', version: 1, scenario: 'checkout', sample: 1 })
      const records = rest.filter((value) => Array.isArray(value))
      const names = new Map(
        rest
          .filter((value) => !Array.isArray(value))
          .map((value) => [(value as { outcome: number }).outcome, (value as { name: string }).name]),
      )
      const ids = new RequestIds('run-1', 'checkout', 'main', 1)
      const ns = (ms: number): number => Math.round(ms * 1e6) + log.offsetNs
      expect(
        records.map(([outcome, ...fields]) => [names.get(outcome as number), ...readable(fields)]),
      ).toEqual(
        requests.map(({ index, connection, dueMs, sentMs, doneMs, ending }) => {
          const { [ending]: given } = endings
          const name = typeof given === 'object' ? given.name : given
          const [, trace, span] = ids.traceparent(index).split('-')
          return [name, 1, connection, index, ns(dueMs), ns(sentMs), ns(doneMs), trace, span]
        }),
      )
    }),
  )
})

function readable(fields: readonly unknown[]): readonly unknown[] {
  return fields.map((field) => (Buffer.isBuffer(field) ? field.toString('hex') : field))
}

test('a program reads it as it comes, and learns of an outcome before a request has it', async () => {
  const file = join(await folder(), 'a.cblog')
  const log = await RequestLog.open(order(file))
  const flow = log.observer('main')
  for (let index = 0; index < 5_000; index++)
    flow.ended(
      slotOf({ index, connection: 0, dueMs: 1, sentMs: 2, doneMs: 3, ending: 0 }),
      endings[index % 5]!,
      3,
    )
  await log.close()
  const defined = new Set<unknown>()
  let records = 0
  let last: unknown
  for await (const value of createReadStream(file).pipe(new UnpackrStream({ useRecords: false }))) {
    last = value
    if (!Array.isArray(value)) defined.add((value as { outcome?: number }).outcome)
    else if (value[0] !== 'cblog') {
      expect(defined).toContain(value[0])
      records++
    }
  }
  expect(records).toBe(5_000)
  // frame of no contents: everything is there
  expect(last).toEqual(['cblog', expect.anything(), expect.anything(), 0, 5_000, 0])
})

test('an outcome says what it is of, and whether the request was given up', async () => {
  const file = join(await folder(), 'a.cblog')
  const log = await RequestLog.open(order(file))
  const flow = log.observer('main')
  for (const ending of endings)
    flow.ended(slotOf({ index: 0, connection: 0, dueMs: 1, sentMs: 2, doneMs: 3, ending: 0 }), ending, 3)
  await log.close()
  const definitions = (await valuesIn(file)).filter((value) => !Array.isArray(value)).slice(1)
  expect(definitions).toEqual([
    { outcome: 1, flow: 'main', operation: 'get', name: 'hit', ok: true, given_up: false },
    { outcome: 2, flow: 'main', operation: 'set', name: 'miss', ok: true, given_up: false },
    { outcome: 3, flow: 'main', operation: 'get', name: 'refused', ok: false, given_up: false },
    { outcome: 4, flow: 'main', operation: 'get', name: 'timedOut', ok: false, given_up: true },
    { outcome: 5, flow: 'main', operation: 'get', name: 'unanswered', ok: false, given_up: true },
  ])
})

test('a secret in the name of an outcome is not written', async () => {
  const file = join(await folder(), 'a.cblog')
  const log = await RequestLog.open(order(file))
  const name = 'redis://me:hunter2@db refused'
  log
    .observer('main')
    .ended(
      slotOf({ index: 0, connection: 0, dueMs: 1, sentMs: 2, doneMs: 3, ending: 0 }),
      tally.outcome(name),
      3,
    )
  await log.close()
  expect((await readFile(file)).includes('hunter2')).toBe(false)
})

test('times are those of the clock that all processes of the machine share', async () => {
  const file = join(await folder(), 'a.cblog')
  const log = await RequestLog.open(order(file))
  const nowMs = performance.now()
  const flow = log.observer('main')
  flow.ended(
    slotOf({ index: 0, connection: 0, dueMs: nowMs, sentMs: nowMs, doneMs: 0, ending: 0 }),
    endings[0]!,
    nowMs,
  )
  await log.close()
  const [record] = (await valuesIn(file)).filter((value) => Array.isArray(value)) as number[][]
  const expected = (nowMs + machineOffsetMs()) * 1e6
  expect(Math.abs(record![4]! - expected)).toBeLessThan(1e6)
})

test('of a sample it has its share, whatever the order of the requests, and the same in every run of the id', async () => {
  const path = await folder()
  const share = 1 / 10
  const logged = async (name: string, stride: number): Promise<readonly number[]> => {
    const file = join(path, name)
    const log = await RequestLog.open(order(file, share))
    const flow = log.observer('main')
    for (let index = 0; index < 20_000; index++)
      flow.ended(
        slotOf({ index: index * stride, connection: 0, dueMs: 1, sentMs: 2, doneMs: 3, ending: 0 }),
        endings[0]!,
        3,
      )
    await log.close()
    const records = (await valuesIn(file)).filter((value) => Array.isArray(value)) as number[][]
    return records.map((record) => record[3]!)
  }
  const all = await logged('a', 1)
  // a worker of ten has every tenth request
  const tenth = await logged('b', 10)
  // four standard deviations
  for (const indices of [all, tenth]) expect(Math.abs(indices.length - 2_000)).toBeLessThan(170)
  expect(tenth.filter((index) => index < 20_000)).toEqual(all.filter((index) => index % 10 === 0))
  expect(await logged('c', 1)).toEqual(all)
})

test('a folder that cannot be written to is said at once, with what to do', async () => {
  const path = await folder()
  const file = join(path, 'deep', 'a.cblog')
  await RequestLog.open(order(file)).then((log) => log.close())
  // nothing is overwritten
  await expect(RequestLog.open(order(file))).rejects.toMatchObject({
    code: 'CB_OUTPUT',
    message: expect.stringContaining('a.cblog cannot be written: EEXIST'),
  })
  await expect(RequestLog.open(order(join(file, 'below', 'a.cblog')))).rejects.toMatchObject({
    code: 'CB_OUTPUT',
  })
  await mkdir(join(path, 'b.cblog'))
  await expect(RequestLog.open(order(join(path, 'b.cblog')))).rejects.toMatchObject({ code: 'CB_OUTPUT' })
})
