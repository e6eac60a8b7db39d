import type { NumberVerdict, VerdictCode } from '@cloudbench/core'
import { signals, type Doubts } from './verdict.ts'

const quantileNames = ['response', 'service'].flatMap((name) =>
  ['p50', 'p90', 'p95', 'p99', 'p99.9', 'mean'].map((statistic) => `${name}.${statistic}`),
)

function all(names: readonly string[], number: Partial<NumberVerdict>): NonNullable<Doubts['numbers']> {
  return Object.fromEntries(names.map((name) => [name, number]))
}

function invalidBy(...codes: VerdictCode[]): Partial<NumberVerdict> {
  return { validity: 'invalid', codes }
}

const tooFew = {
  code: 'TOO_FEW_SAMPLES',
  validity: 'suspect',
  text: 'p99.9 is not established: too few samples are behind it',
  advice: 'run for longer (--duration)',
  observed: 0.6,
  threshold: 3,
  unit: 'count',
  flow: 'main',
} as const

/** Nothing is wrong but that p99.9 stands on a few samples, and that one hiccup was longer than it. */
export const hiccup: Doubts = {
  validity: 'valid',
  reasons: [
    {
      code: 'GENERATOR_LAG',
      validity: 'invalid',
      text: 'the load thread was held up: p99.9 of its hiccups is 62 % of the response p99.9',
      advice: 'use more workers (--workers), or pin them to CPUs of their own',
      observed: 0.62,
      threshold: 0.5,
      unit: 'share',
      flow: 'main',
      worker: 0,
      window: { phase: 'measure', startMs: 1_000, endMs: 2_000 },
    },
    tooFew,
  ],
  numbers: all(['response.p99.9', 'service.p99.9'], invalidBy('GENERATOR_LAG', 'TOO_FEW_SAMPLES')),
}

/** Others on the machine had its CPUs for a while. */
export const stolen = {
  validity: 'suspect',
  reasons: [
    {
      code: 'CPU_STEAL',
      validity: 'suspect',
      text: 'this machine did not get 12 % of the CPU time that it asked for',
      advice: 'use a larger or a dedicated instance, or repeat the run at another time',
      observed: 0.12,
      threshold: 0.01,
      unit: 'share',
      window: { phase: 'measure', startMs: 1_000, endMs: 2_000 },
    },
    {
      code: 'NOT_STEADY',
      validity: 'suspect',
      text: 'main became 8 % slower until the end',
      advice: 'run for longer, or look for what fills up',
      flow: 'main',
    },
    tooFew,
  ],
  numbers: all(['rate', 'response.p99', 'service.p99'], {
    validity: 'suspect',
    codes: ['CPU_STEAL', 'NOT_STEADY'],
  }),
  steady: { kind: 'slowdown', drift: 0.08 },
  signals: signals.map((signal) =>
    signal.name === 'steal' ? { ...signal, validity: 'invalid', observed: 0.12 } : signal,
  ),
} satisfies Doubts

/** Nothing could be read that would tell. */
export const unseen: Doubts = {
  validity: 'unknown',
  numbers: all(['rate', ...quantileNames], { validity: 'unknown', codes: [] }),
  steady: { kind: 'unknown' },
  signals: signals.map(({ name, suspectAbove, invalidAbove, unit }) => ({
    name,
    validity: 'unknown',
    suspectAbove,
    invalidAbove,
    unit,
    missing: 'this system does not tell',
  })),
}

/** The generator was measured, not the target. */
export const generatorLimited: Doubts = {
  validity: 'invalid',
  limitedBy: 'generator',
  reasons: [
    {
      code: 'GENERATOR_LIMITED',
      validity: 'invalid',
      text: 'the generator sent 81 % of what came due, and was busy 97 % of the time',
      advice: 'use more workers (--workers) or a lower rate (--rate)',
      observed: 0.81,
      threshold: 0.95,
      unit: 'share',
      flow: 'main',
    },
  ],
  numbers: all(['rate', ...quantileNames], invalidBy('GENERATOR_LIMITED')),
}

/** The target could not keep up. Its rate is what it can do; its times are as long as the load went on. */
export const saturated: Doubts = {
  validity: 'suspect',
  limitedBy: 'target',
  reasons: [
    {
      code: 'TARGET_SATURATED',
      validity: 'invalid',
      text: 'target saturated: more came due than main answered, so its times grew for as long as the load went on',
      advice: 'take the rate for its capacity, and measure times below it (--rate)',
      flow: 'main',
    },
  ],
  numbers: all(quantileNames, { ...invalidBy('TARGET_SATURATED'), isLowerBound: true }),
  steady: { kind: 'overloaded' },
}
