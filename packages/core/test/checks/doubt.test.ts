import { describe, expect, it } from 'vitest'
import { alertResult } from '../../src/checks/alert-results.ts'
import { parseAlert } from '../../src/checks/alert.ts'
import { parseCheck } from '../../src/checks/checks.ts'
import { doubted } from '../../src/checks/doubt.ts'
import type { CheckResult } from '../../src/plugin/model.ts'
import type { NumberVerdict, Validity, Verdict, VerdictCode } from '../../src/plugin/verdict.ts'

const number = (validity: Validity, bound?: readonly VerdictCode[]): NumberVerdict => ({
  metric: 'response.p99',
  unit: 'ns',
  value: 31e6,
  validity,
  codes: bound ?? ['GENERATOR_LAG'],
  ...(bound && { isLowerBound: true }),
})

const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  validity: 'suspect',
  reasons: [
    { code: 'CPU_STEAL', validity: 'invalid', text: 'the host was busy', advice: '' },
    { code: 'GENERATOR_LAG', validity: 'suspect', text: 'it was a little late', advice: '' },
    { code: 'GENERATOR_LAG', validity: 'invalid', text: 'it was late', advice: '' },
  ],
  numbers: [],
  steadyStates: [],
  signals: [],
  required: 'suspect',
  isInvalidAllowed: false,
  ...change,
})

const written = { name: 'response.p99', scenario: 's', expected: '', actual: '31 ms', value: 31e6 } as const

function checked(
  expected: string,
  status: CheckResult['status'],
  own: NumberVerdict,
  given = verdict(),
): Record<'status' | 'validity' | 'actual', string | undefined> {
  const result = doubted({ ...written, status }, own, given, parseCheck('response.p99', expected))
  return { status: result.status, validity: result.validity, actual: result.actual }
}

describe('a check', () => {
  it('whose number is valid is as it was', () => {
    expect(checked('< 25ms', 'failed', number('valid'))).toEqual({ status: 'failed', actual: '31 ms' })
  })

  it.each(['passed', 'failed'] as const)(
    'that %s on an invalid number is invalid, and says why',
    (status) => {
      expect(checked('< 40ms', status, number('invalid'))).toEqual({
        status: 'invalid',
        validity: 'invalid',
        actual: '31 ms, invalid: it was late',
      })
    },
  )

  it.each(['suspect', 'unknown'] as const)('whose number is %s keeps its status, and says so', (validity) => {
    expect(checked('< 40ms', 'passed', number(validity))).toEqual({
      status: 'passed',
      validity,
      actual: '31 ms',
    })
  })

  it.each(['suspect', 'unknown'] as const)(
    'whose number is %s is invalid where it has to be valid',
    (own) => {
      expect(checked('< 40ms', 'passed', number(own), verdict({ required: 'valid' }))).toMatchObject({
        status: 'invalid',
        validity: own,
        actual: expect.stringContaining(`31 ms, ${own}: it was`),
      })
    },
  )

  it('keeps its status where invalid numbers are allowed, and says so', () => {
    for (const required of ['suspect', 'valid'] as const)
      expect(
        checked('< 40ms', 'passed', number('invalid'), verdict({ required, isInvalidAllowed: true })),
      ).toEqual({ status: 'passed', validity: 'invalid', actual: '31 ms, invalid but allowed: it was late' })
  })

  it('that was skipped, or whose number the verdict does not know, is as it was', () => {
    expect(checked('< 40ms', 'skipped', number('invalid')).status).toBe('skipped')
    const check = parseCheck('response.p99', '< 40ms')
    expect(doubted({ ...written, status: 'passed' }, undefined, verdict(), check)).toEqual({
      ...written,
      status: 'passed',
    })
  })

  it.each<[code: VerdictCode]>([['TARGET_SATURATED'], ['LOWER_BOUND']])(
    'that a lower bound already breaks has failed, where the target is the cause: %s',
    (code) => {
      expect(checked('< 25ms', 'failed', number('invalid', [code, 'TOO_FEW_SAMPLES']))).toMatchObject({
        status: 'failed',
        validity: 'invalid',
      })
    },
  )

  it.each<[codes: readonly VerdictCode[]]>([
    [['TOO_FEW_SAMPLES']],
    [['LOWER_BOUND', 'GENERATOR_LIMITED']],
    [['POOL_TOO_SMALL', 'LOWER_BOUND']],
    [['GENERATOR_LAG', 'TARGET_SATURATED']],
  ])('that a lower bound breaks is invalid, where something else may be the cause: %j', (codes) => {
    expect(checked('< 25ms', 'failed', number('invalid', codes)).status).toBe('invalid')
  })

  it('that a lower bound would meet is invalid, as is one that more would meet', () => {
    const saturated = number('invalid', ['TARGET_SATURATED'])
    expect(checked('< 40ms', 'passed', saturated).status).toBe('invalid')
    expect(checked('> 40ms', 'failed', saturated).status).toBe('invalid')
    expect(checked('> 40ms, < 50ms', 'failed', saturated).status).toBe('invalid')
  })
})

describe('an alert', () => {
  const alerted = (condition: string, own: NumberVerdict): CheckResult => {
    const alert = parseAlert({ kind: 'alerts', isOfPreset: false }, 'response.p99', condition)
    const result = alertResult(alert, 's', { status: 'failed', actual: '31 ms', value: 31e6 })
    return doubted(result, own, verdict(), alert)
  }

  it('on an invalid number is invalid', () => {
    expect(alerted('> 25ms', number('invalid')).status).toBe('invalid')
  })

  it('that a lower bound already sets off has failed', () => {
    const saturated = number('invalid', ['TARGET_SATURATED'])
    expect(alerted('> 25ms', saturated).status).toBe('failed')
    expect(alerted('< 40ms', saturated).status).toBe('invalid')
  })
})
