import { describe, expect, it } from 'vitest'
import { CloudbenchError } from '../../src/errors.ts'
import { Host, scenarioOf } from '../../src/hooks/host.ts'
import type { Plugin } from '../../src/hooks/lifecycle.ts'
import { lifecycle, type HookName } from '../../src/hooks/lifecycle.ts'
import { mergeIntervals } from '../../src/metrics/intervals.ts'
import type { Interval, Phase } from '../../src/plugin/model.ts'

/** What every hook finds its scenario in. */
const payload = { id: 's', scenario: { id: 's' }, phase: { scenario: 's' } }

const allHooks = Object.keys(lifecycle) as HookName[]

/** A plugin that records every call. */
function noting(name: string, log: string[], change: (hook: HookName) => unknown = () => undefined): Plugin {
  return {
    name,
    hooks: Object.fromEntries(
      allHooks.map((hook) => [
        hook,
        async () => {
          log.push(`${name} ${hook}`)
          return change(hook)
        },
      ]),
    ),
  }
}

const call = async (host: Host, hook: HookName): Promise<ReadonlyMap<string, unknown>> => {
  const answers = await (
    host.call as (hook: HookName, ...args: unknown[]) => Promise<ReadonlyMap<string, unknown>>
  )(hook, payload, [])
  await host.drained()
  return answers
}

describe('hooks', () => {
  it('are called in the order of the configuration, and close in reverse', async () => {
    const log: string[] = []
    const host = new Host({ mergeIntervals })
    for (const name of ['a', 'b']) host.use(noting(name, log))
    for (const hook of allHooks) await call(host, hook)
    expect(log).toEqual(
      allHooks.flatMap((hook) => (hook === 'close' ? ['b close', 'a close'] : [`a ${hook}`, `b ${hook}`])),
    )
  })

  it('can be ordered before or after the rest', async () => {
    const log: string[] = []
    const host = new Host({ mergeIntervals })
    const at = (name: string, order?: 'pre' | 'post'): Plugin => ({
      name,
      hooks: { config: { ...(order && { order }), handler: () => void log.push(name) } },
    })
    for (const plugin of [at('late', 'post'), at('first'), at('early', 'pre'), at('second')]) host.use(plugin)
    await call(host, 'config')
    expect(log).toEqual(['early', 'first', 'second', 'late'])
  })

  it('answer by name', async () => {
    const host = new Host({ mergeIntervals })
    host.use({ name: 'cpu', hooks: { 'machine:discover': () => ({ cores: 2 }) } })
    host.use({ name: 'none', hooks: {} })
    expect([...(await host.call('machine:discover'))]).toEqual([['cpu', { cores: 2 }]])
  })
})

describe.each(allHooks)('a %s hook that throws', (hook) => {
  const { onError } = lifecycle[hook]
  const failing = (log: string[]): Host => {
    const host = new Host({ mergeIntervals })
    host.use(
      noting('bad', log, (called) => {
        if (called === hook) throw new Error('planted')
      }),
    )
    host.use(noting('good', log))
    return host
  }

  if (onError === 'abort')
    it('ends the run, under its name and its cause', async () => {
      await expect(call(failing([]), hook)).rejects.toThrow(`[bad] ${hook}: planted`)
    })
  else
    it(onError === 'record' ? 'is recorded, and other plugins are still called' : 'is left out', async () => {
      const log: string[] = []
      const host = failing(log)
      await call(host, hook)
      expect(log).toContain(`good ${hook}`)
      expect(host.takeErrors()).toEqual(
        onError === 'record'
          ? [
              {
                source: 'bad',
                during: hook,
                message: 'planted',
                ...(scenarioOf[hook] && { scenario: expect.anything() as unknown }),
              },
            ]
          : [],
      )
    })
})

describe.each(allHooks)('a %s hook that never answers', (hook) => {
  const { onError } = lifecycle[hook]
  const waiting = (log: string[]): Host => {
    const host = new Host({ mergeIntervals, limitsMs: { [hook]: 20 } })
    host.use({ name: 'silent', hooks: { [hook]: () => new Promise(() => {}) } })
    host.use(noting('good', log))
    return host
  }

  it(`is abandoned after its limit, and then: ${onError}`, async () => {
    const log: string[] = []
    const host = waiting(log)
    if (onError === 'abort')
      await expect(call(host, hook)).rejects.toThrow(`[silent] ${hook}: no answer within 20 ms`)
    else {
      await call(host, hook)
      expect(log).toContain(`good ${hook}`)
      expect(host.takeErrors().map(({ source, during }) => `${source} ${during}`)).toEqual(
        onError === 'record' ? [`silent ${hook}`] : [],
      )
    }
  })
})

describe('an error that a hook made', () => {
  it('belongs to the scenario of its payload, however late it is read', async () => {
    const host = new Host({ mergeIntervals })
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    host.use({
      name: 'slow',
      hooks: {
        interval: async () => {
          await gate
          throw new Error('planted')
        },
      },
    })
    await host.call('interval', { phase: { scenario: 'first' } } as Interval)
    await host.call('scenario:start', { id: 'second' } as never)
    release()
    await host.drained()
    expect(host.takeErrors()).toEqual([
      { source: 'slow', during: 'interval', message: 'planted', scenario: 'first' },
    ])
    expect(host.takeErrors()).toEqual([])
  })
})

describe('a hook that never answers', () => {
  const silent: Plugin = {
    name: 'silent',
    hooks: { close: () => new Promise(() => {}), config: () => new Promise(() => {}) },
  }
  const brief = { config: 20, close: 20 }

  it('is abandoned after its limit, and named', async () => {
    const host = new Host({ mergeIntervals, limitsMs: brief })
    host.use(silent)
    await expect(host.call('config', {})).rejects.toThrow('[silent] config: no answer within 20 ms')
    await host.call('close')
    expect(host.takeErrors()).toEqual([
      { source: 'silent', during: 'close', message: 'no answer within 20 ms' },
    ])
  })

  it('of a mailbox keeps the run waiting once, not for every message', async () => {
    let asked = 0
    let isTold = false
    const host = new Host({ mergeIntervals, limitsMs: { 'phase:end': 20 } })
    host.use({
      name: 'silent',
      hooks: {
        'phase:end': () => {
          asked++
          return new Promise(() => {})
        },
        'run:end': () => void (isTold = true),
      },
    })
    for (let phase = 0; phase < 10; phase++) await host.call('phase:end', payload as never)
    await host.call('run:end', {} as never)
    expect([asked, isTold]).toEqual([1, true])
    expect(host.takeErrors().map(({ message }) => message)).toEqual([
      'no answer within 20 ms; it gets no more messages until the end',
    ])
  })

  it('is pending as long as it is awaited', async () => {
    const host = new Host({ mergeIntervals, limitsMs: brief })
    host.use(silent)
    const closing = host.call('close')
    await Promise.resolve()
    expect(host.pending).toEqual(['silent close'])
    await closing
    expect(host.pending).toEqual([])
  })

  it('keeps the code of the error that a plugin threw', async () => {
    const host = new Host({ mergeIntervals })
    const thrown = new CloudbenchError({ code: 'CB_OUTPUT', what: 'disk full', next: 'free some' })
    host.use({
      name: 'bad',
      hooks: {
        config: () => {
          throw thrown
        },
      },
    })
    await expect(host.call('config', {})).rejects.toMatchObject({ code: 'CB_OUTPUT', next: 'free some' })
  })
})

describe('the mailbox of a plugin', () => {
  const phase: Phase = { name: 'm', kind: 'measure', scenario: 's', durationMs: 1000, loads: {} }
  const interval = (index: number, of = phase): Interval => ({
    phase: of,
    startMs: index * 10,
    endMs: (index + 1) * 10,
    phaseStartedAt: new Date(7),
    flows: [],
    generators: [],
    signals: [],
    missing: 0,
  })

  it('never makes the run wait, and merges intervals when its reader is slow: fewer and wider, without a gap', async () => {
    const seen: Interval[] = []
    let atOnce = 0
    let mostAtOnce = 0
    const host = new Host({ mergeIntervals })
    host.use({
      name: 'slow',
      hooks: {
        async interval(received) {
          mostAtOnce = Math.max(mostAtOnce, ++atOnce)
          await new Promise((resolve) => setImmediate(resolve))
          seen.push(received)
          atOnce--
        },
      },
    })
    for (let index = 0; index < 500; index++) await host.call('interval', interval(index))
    await host.drained()
    expect(mostAtOnce).toBe(1)
    expect(seen.length).toBeLessThan(500)
    expect(seen[0]!.startMs).toBe(0)
    expect(seen.at(-1)!.endMs).toBe(5000)
    expect(new Set(seen.map(({ phaseStartedAt }) => phaseStartedAt?.getTime()))).toEqual(new Set([7]))
    for (const [at, { startMs }] of seen.entries()) if (at > 0) expect(startMs).toBe(seen[at - 1]!.endMs)
  })

  it('merges nothing across phases, and loses nothing else', async () => {
    const log: string[] = []
    const host = new Host({ mergeIntervals })
    host.use({
      name: 'slow',
      hooks: {
        interval: async (received) => {
          await new Promise((resolve) => setImmediate(resolve))
          log.push(`${received.phase.name} ${received.startMs}-${received.endMs}`)
        },
        'phase:end': () => void log.push('phase end'),
      },
    })
    const next = { ...phase, name: 'n' }
    for (let index = 0; index < 20; index++) await host.call('interval', interval(index))
    await host.call('phase:end', payload as never)
    for (let index = 0; index < 3; index++) await host.call('interval', interval(index, next))
    await host.drained()
    expect(log.slice(-2)).toEqual(['phase end', 'n 0-30'])
    expect(log.findLast((line) => line.startsWith('m'))).toMatch(/-200$/)
  })

  it('is emptied before `run:end`', async () => {
    const log: string[] = []
    const host = new Host({ mergeIntervals })
    host.use({
      name: 'slow',
      hooks: {
        interval: async () => {
          await new Promise((resolve) => setImmediate(resolve))
          log.push('interval')
        },
        'run:end': () => void log.push('run end'),
        close: () => void log.push('close'),
      },
    })
    for (let index = 0; index < 3; index++) await host.call('interval', interval(index))
    await host.call('run:end', {} as never)
    await host.call('close')
    expect(log).toEqual(['interval', 'interval', 'interval', 'run end', 'close'])
  })
})
