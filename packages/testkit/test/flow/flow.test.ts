import { Histogram, type Shareable, type Slot } from '@cloudbench/core'
import good from '@cloudbench/fixtures/plugins/driver/good'
import { expect, onTestFinished, test, vi } from 'vitest'
import { callOf, openFlow, parse } from '../../src/flow/index.ts'
import { scripted } from './scripted.ts'

const answering = scripted((slot, { outcome }) => slot.done(outcome('ok')))

test('options are parsed as the host does', async () => {
  expect(await parse(good, {})).toEqual({ word: 'hello' })
  await expect(parse(good, { word: 7 })).rejects.toThrow('good good: option "word": must be a text')
  await expect(parse(good, {}, 'other')).rejects.toThrow('driver "good" has no workload "other"')
  const { open, prepare } = openFlow(good, 'echo://127.0.0.1:1', { words: 'x' })
  await expect(open()).rejects.toThrow('good good: option "words": is no option')
  await expect(prepare()).rejects.toThrow('option "words"')
})

test('a driver is told which connection of how many, which worker, and when to stop', async () => {
  const seen: unknown[] = []
  const stop = new AbortController()
  const driver = scripted(() => {}, {
    connect: ({ connection, worker, seed, flow, signal }) =>
      seen.push({ connection, worker, seed, flow, isStopped: signal.aborted }),
  })
  const worker = { index: 1, total: 3 }
  const { open } = openFlow(driver, 'x:', {}, { worker, seed: 7, flow: 'main', signal: stop.signal })
  await open()
  stop.abort()
  await open(4, 9)
  expect(seen).toEqual([
    { connection: { index: 0, total: 1 }, worker, seed: 7, flow: 'main', isStopped: false },
    { connection: { index: 4, total: 9 }, worker, seed: 7, flow: 'main', isStopped: true },
  ])
})

test('connections, tasks and flows of one worker share; other workers do not', async () => {
  const closed: number[] = []
  let made = 0
  const create = (): Shareable => {
    const number = made++
    return { close: () => void closed.push(number) }
  }
  const driver = scripted(() => {}, {
    connect: ({ share }) => share('pool', create),
    prepare: async ({ share }) => void (await share('pool', create)),
  })
  const first = openFlow(driver, 'x:')
  await Promise.all([first.open(0, 2), first.open(1, 2), first.prepare()])
  const second = openFlow(driver, 'x:', {}, { shares: first.shares })
  await second.open()
  expect(made).toBe(1)
  await openFlow(driver, 'x:').open()
  expect(made).toBe(2)
  await first.close()
  expect(closed).toEqual([])
  await second.close()
  expect(closed).toEqual([0])
})

test('more requests than the connection has streams wait for their turn', async () => {
  const slots: Slot[] = []
  const sent: number[] = []
  const driver = scripted(
    (slot) => {
      slots.push(slot)
      sent.push(slot.index)
    },
    { streams: 3 },
  )
  const { open, sendAll, send } = openFlow(driver, 'x:')
  const connection = await open()
  expect(connection.streams).toBe(3)
  const all = sendAll(connection, 5)
  const one = send(connection, 9)
  await Promise.resolve()
  expect(sent).toEqual([0, 1, 2])
  slots[1]!.fail(new Error('lost'))
  await expect(all).rejects.toThrow('lost')
  expect(sent).toEqual([0, 1, 2, 9])
  // what was to come after the failure is not sent any more
  slots[0]!.fail(new Error('lost, too'))
  slots[3]!.fail(new Error('lost at last'))
  await expect(one).rejects.toThrow('lost at last')
  expect(sent).toEqual([0, 1, 2, 9])
})

test('a connection that is lost fails what is in flight, what waits, and every later request', async () => {
  let lose: (error: unknown) => void = () => {}
  const silent = scripted(() => {}, { streams: 2, connect: ({ lost }) => void (lose = lost) })
  const { open, send, sendAll, lost } = openFlow(silent, 'x:')
  const connection = await open()
  const sent = [0, 1, 2].map((index) => send(connection, index))
  const all = sendAll(connection, 9)
  lose(new Error('the server left'))
  for (const request of [...sent, all]) await expect(request).rejects.toThrow('the server left')
  expect(await lost(connection)).toMatchObject({ message: 'the server left' })
  await expect(send(connection)).rejects.toThrow('the server left')
  await expect(sendAll(connection, 3)).rejects.toThrow('the server left')
})

test('an outcome of the own making of a driver rejects', async () => {
  const driver = scripted((slot) => slot.done({ name: 'ok', ok: true, operation: 'scripted' }))
  const { open, send } = openFlow(driver, 'x:')
  await expect(send(await open())).rejects.toThrow(
    'the driver answered a request with its own object, named "ok"',
  )
})

test('a driver that answers at once is asked again without end of the stack', async () => {
  const { open, sendAll, countOf } = openFlow(answering, 'x:')
  expect(countOf(await sendAll(await open(), 100_000))).toEqual({ ok: 100_000 })
  expect(await sendAll(await open(), 0)).toEqual([])
})

test('a failed request rejects with the very error of the driver, and counts under its code', async () => {
  const error = Object.assign(new Error('gone'), { code: 'ECONNRESET' })
  const { open, send, drain } = openFlow(
    scripted((slot) => slot.fail(error)),
    'x:',
  )
  await expect(send(await open())).rejects.toBe(error)
  expect(drain().operations).toMatchObject([
    { operation: 'scripted', ok: 0, failed: 1, outcomes: { ECONNRESET: { count: 1, ok: false } } },
  ])
})

test('the index and its random numbers reach the driver', async () => {
  const seen: unknown[] = []
  const driver = scripted((slot, { outcome }) => {
    seen.push([slot.index, slot.random(), slot.random()])
    slot.done(outcome('ok'))
  })
  const { open, send } = openFlow(driver, 'x:', {}, { seed: 5, flow: 'main' })
  const connection = await open()
  await send(connection, 3)
  await send(connection, 4)
  await send(connection, 3)
  const drawn = [3, 4].map((index) => {
    const call = callOf(index, { seed: 5, flow: 'main' })
    return [call.random(), call.random()]
  })
  expect(seen).toEqual([
    [3, ...drawn[0]!],
    [4, ...drawn[1]!],
    [3, ...drawn[0]!],
  ])
})

test('what is counted, recorded and warned of can be looked at while it happens', async () => {
  const driver = scripted(
    (slot, { outcome, counter, recorder, bytes }) => {
      counter('calls').add(2)
      recorder('wait').record(1_000 + slot.index)
      bytes.sent += 10
      slot.done(outcome(slot.index === 0 ? 'ok' : 'late', { operation: 'get' }))
    },
    {
      connect({ log, recorder, counter }) {
        log.warn('mind the gap')
        recorder('never')
        counter('none')
      },
    },
  )
  const { open, sendAll, countOf, counters, recorded, outcomes, warnings, bytes } = openFlow(driver, 'x:')
  const answers = await sendAll(await open(), 3)
  expect(countOf(answers)).toEqual({ 'get ok': 1, 'get late': 2 })
  expect(counters).toEqual({ calls: 6 })
  expect(recorded).toEqual({ never: [], wait: [1_000, 1_001, 1_002] })
  expect(outcomes).toEqual(['ok', 'late'])
  expect(warnings).toEqual(['mind the gap'])
  expect(bytes).toEqual({ sent: 30, received: 0 })
})

test('tasks run, and an observer is closed once it was read', async () => {
  const done: string[] = []
  const driver = scripted(() => {}, {
    prepare: () => ({ keys: 3 }),
    audit: () => [{ name: 'all is well', status: 'passed', examined: 3, violations: 0 }],
    cleanup: () => void done.push('cleanup'),
    observe: () => ({ read: () => ({ hits: 7 }), close: () => void done.push('close') }),
  })
  const { prepare, audit, cleanup, observe } = openFlow(driver, 'x:')
  expect(await prepare()).toEqual({ keys: 3 })
  expect(await audit()).toMatchObject([{ name: 'all is well' }])
  expect(await observe()).toEqual({ hits: 7 })
  await cleanup()
  expect(done).toEqual(['close', 'cleanup'])
  const bare = openFlow(answering, 'x:')
  expect([await bare.prepare(), await bare.audit()]).toEqual([{}, []])
  await expect(bare.observe()).rejects.toThrow('the workload "scripted" has no observe')
})

test('what a test leaves open closes when the test is over, and everything closes once', async () => {
  const closed: string[] = []
  // runs last: what is registered later runs sooner
  onTestFinished(() => expect(closed).toEqual(['a', 'b']))
  const driver = (name: string) => scripted(() => {}, { close: () => void closed.push(name) })
  const { open, close } = openFlow(driver('a'), 'x:')
  const connection = await open()
  await connection.close()
  await connection.close()
  await Promise.all([close(), close()])
  expect(closed).toEqual(['a'])
  await openFlow(driver('b'), 'x:').open()
})

test('a connection that does not close is a fault, unless it had failed', async () => {
  const driver = scripted((slot) => slot.fail(new Error('lost')), {
    close: () => {
      throw new Error('it does not close')
    },
  })
  const atEnd = (): void => {}
  const healthy = openFlow(driver, 'x:', {}, { atEnd })
  await healthy.open()
  await expect(healthy.close()).rejects.toThrow('it does not close')
  const failed = openFlow(driver, 'x:', {}, { atEnd })
  await expect(failed.send(await failed.open())).rejects.toThrow('lost')
  await failed.close()
})

test('a driver that answers twice fails the test in the end', async () => {
  const driver = scripted((slot, { outcome }) => {
    slot.done(outcome('ok'))
    slot.done(outcome('ok'))
  })
  const { open, send, close } = openFlow(driver, 'x:', {}, { atEnd: () => {} })
  await send(await open())
  await expect(close()).rejects.toThrow('the driver answers twice: surplus answers: 1')
})

test('a connection of another flow is refused', async () => {
  const [one, other] = [openFlow(answering, 'x:'), openFlow(answering, 'x:')]
  await expect(one.send(await other.open())).rejects.toThrow('the connection belongs to another flow')
})

test('a request is timed by when its answer was there, not by when it was checked', async () => {
  let nowMs = 1_000
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  onTestFinished(() => clock.mockRestore())
  const driver = scripted((slot, { outcome }) => {
    nowMs += 5
    slot.answered()
    nowMs += 30
    slot.done(outcome('ok'))
  })
  const flow = openFlow(driver, 'x:')
  await flow.send(await flow.open())
  expect(new Histogram(flow.drain().operations[0]!.service).sum).toBe(5e6)
})
