import { describe, expect, it } from 'vitest'
import { parseCheck } from '../../src/checks/checks.ts'
import type { KnownFlow } from '../../src/checks/scope.ts'
import { refusal } from '../config/project.ts'

const refused = (name: string, expression: string, flows?: readonly KnownFlow[]) =>
  refusal(() => parseCheck(name, expression, flows))

describe('reading a check', () => {
  it.each([
    ['response.p99', '< 25ms', [{ operator: '<', limit: 25e6 }]],
    ['service.p99.9', '<= 1.5s', [{ operator: '<=', limit: 1.5e9 }]],
    [
      'service.p999',
      '>= 10ms, < 25ms',
      [
        { operator: '>=', limit: 10e6 },
        { operator: '<', limit: 25e6 },
      ],
    ],
    ['errors.rate', '<= 0.1%', [{ operator: '<=', limit: 0.001 }]],
    ['errors.rate', '== 0', [{ operator: '==', limit: 0 }]],
    ['rate', '>= 495/s', [{ operator: '>=', limit: 495 }]],
    ['rate', '> 1k/s', [{ operator: '>', limit: 1000 }]],
    ['requests', '>= 10k', [{ operator: '>=', limit: 10_000 }]],
    ['bytes.received', '>= 10MB/s', [{ operator: '>=', limit: 10e6 }]],
    ['residency', '>= 92%', [{ operator: '>=', limit: 0.92 }]],
    ['reuse', '>= 42', [{ operator: '>=', limit: 42 }]],
    ['outcomes.ERR some.thing.rate', '< 1%', [{ operator: '<', limit: 0.01 }]],
    ['recorders.end.to.end.p99.9', '< 5ms', [{ operator: '<', limit: 5e6 }]],
    ['a/get/lag.max', '<1ms', [{ operator: '<', limit: 1e6 }]],
  ])('%s %s', (name, expression, conditions) => {
    const check = parseCheck(name, expression)
    expect(check).toMatchObject({ name, expected: expression, conditions })
  })

  it('requires a unit that fits', async () => {
    expect(await refused('response.p99', '< 25')).toBe(
      [
        'CB_CHECK: response.p99: 25 what? A unit is missing',
        '  expected: a value such as < 25ms',
        '  next: write < 25ms',
      ].join('\n'),
    )
    expect(await refused('rate', '>= 495')).toContain('next: write >= 495/s')
    expect(await refused('rate', '>= 1k')).toContain('next: write >= 1k/s')
    expect(await refused('errors.rate', '< 0.1')).toContain('next: write < 0.1%')
    expect(await refused('bytes.sent', '< 5')).toContain('next: write < 5MB/s')
    expect(await refused('response.p99', '< 25%')).toContain('expected: a value such as < 25ms')
    expect(await refused('errors.rate', '< 5ms')).toContain('"5ms" is not a percentage')
    expect(await refused('requests', '> 5ms')).toContain('"5ms" is not a count')
  })

  it('requires a condition', async () => {
    for (const expression of ['25ms', '= 25ms', '=< 25ms', '<', '', '< 25ms,', '<> 5ms', 'fast'])
      expect(await refused('response.p99', expression)).toMatch(
        /^CB_CHECK: response\.p99: ".*" is not a condition\n {2}expected: <, <=, >, >= or ==, and a value, such as < 25ms$/,
      )
  })

  it('suggests the metric that was meant', async () => {
    const meant = async (name: string) => /did you mean (.*)\?/.exec(await refused(name, '< 5ms'))?.[1]
    expect(await meant('respons.p99')).toBe('response.p99')
    expect(await meant('latencyy.p95')).toBe('latency.p95')
    expect(await meant('p99.9')).toBe('response.p99.9')
    expect(await meant('service_time.max')).toBe('service.max')
    expect(await meant('tps')).toBe('rate')
    expect(await meant('error_rate')).toBe('errors.rate')
    expect(await meant('erors.rate')).toBe('errors.rate')
    expect(await meant('connection.opened')).toBe('connections.opened')
    const unknown = await refused('frobnication', '< 5ms')
    expect(unknown).toContain(
      'expected: one of response.p99, service.p99, latency.p99, lag.p99, failures.p99, rate, requests, errors.rate',
    )
    expect(unknown).toContain('outcomes.<name>.rate')
    for (const name of [
      'response.p0',
      'response.p101',
      'response.median',
      'outcomes.rate',
      'recorders.x',
      'constructor',
    ])
      expect(await refused(name, '< 5ms')).toContain(`CB_CHECK: ${name} is not a metric`)
  })

  it('refuses impossible scopes', async () => {
    expect(await refused('a/b/c/rate', '> 1/s')).toContain(
      'a/b/c/rate has more than a flow and an operation before its metric',
    )
    expect(await refused('/rate', '> 1/s')).toContain('/rate has an empty name before its metric')
    expect(await refused('a/get/bytes.sent', '> 1B/s')).toContain(
      'bytes.sent is measured per flow, not per operation',
    )
    const flows = [{ name: 'orders', open: true }]
    expect(await refused('oders/insert/rate', '> 1/s', flows)).toContain(
      'there is no flow oders\n  next: did you mean orders?',
    )
    expect(await refused('oders/reuse', '> 1', flows)).toContain('there is no flow oders')
    expect(parseCheck('insert/response.p99', '< 5ms', flows).scoped.scope).toEqual(['insert'])
  })

  it('refuses metrics of an open loop in a closed one', async () => {
    const closed = [{ name: 'main', open: false }]
    expect(await refused('response.p99', '< 5ms', closed)).toBe(
      'CB_CHECK: response.p99: a closed loop has no due times\n  next: use service.p99, or give the flow a rate',
    )
    expect(await refused('main/get/response.p99', '< 5ms', closed)).toContain('use main/get/service.p99')
    expect(await refused('get/response.p99', '< 5ms', closed)).toContain('use get/service.p99')
    expect(await refused('lag.p99', '< 5ms', closed)).toContain('remove the check, or give the flow a rate')
    const mixed = [...closed, { name: 'steady', open: true }]
    expect(await refused('response.p99', '< 5ms', mixed)).toContain(
      'response.p99 would leave out the closed loops main\n  expected: the name of an open loop: steady/response.p99',
    )
    expect(parseCheck('steady/response.p99', '< 5ms', mixed).conditions).toHaveLength(1)
    expect(parseCheck('service.p99', '< 5ms', closed).conditions).toHaveLength(1)
  })
})
