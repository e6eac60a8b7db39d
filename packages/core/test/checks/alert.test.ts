import { describe, expect, it } from 'vitest'
import { parseAlert, type Alert } from '../../src/checks/alert.ts'
import { parseCheck } from '../../src/checks/checks.ts'
import { refusal } from '../config/project.ts'

const alert = (name: string, expression: string): Alert =>
  parseAlert({ kind: 'alerts', isOfPreset: false }, name, expression)
const abort = (name: string, expression: string): Alert =>
  parseAlert({ kind: 'abort', isOfPreset: false }, name, expression)

describe('reading an alert', () => {
  it.each([
    ['rate', '< 850/s for 3m', { condition: { operator: '<', limit: 850 }, lastsMs: 180_000 }],
    ['errors.rate', ' >20%  for  1m30s ', { condition: { operator: '>', limit: 0.2 }, lastsMs: 90_000 }],
    ['orders/get/response.p99', '>= 1s', { condition: { operator: '>=', limit: 1e9 } }],
    ['latency.p99', '> 200ms across zones', { acrossZones: true }],
    ['latency.p99', '> 200ms for 10s across zones', { acrossZones: true, lastsMs: 10_000 }],
    ['residency', 'falling', { condition: 'falling' }],
    ['connections.active', 'rising', { condition: 'rising' }],
  ])('%s %s', (name, expression, expected) => {
    const parsed = alert(name, expression)
    expect(parsed).toMatchObject({ expression: expression.trim(), ...expected })
    expect('lastsMs' in parsed).toBe('lastsMs' in expected)
    expect(parsed.acrossZones).toBe('acrossZones' in expected)
  })

  it('refuses what says too little or too much', async () => {
    const refused = (parse: () => unknown): Promise<string> => refusal(parse)
    expect(await refused(() => abort('errors.rate', '> 20%'))).toBe(
      'CB_CHECK: errors.rate: > 20% does not say for how long\n  next: write > 20% for 10s',
    )
    expect(await refused(() => abort('residency', 'falling'))).toContain('next: make it an alert')
    expect(await refused(() => alert('residency', 'falling for 3m'))).toContain('next: write falling')
    expect(await refused(() => alert('rate', '< 5/s for 0s'))).toContain('lasts no time')
    expect(await refused(() => alert('rate', '== 5/s for 3s'))).toContain('use <, <=, > or >=')
    expect(await refused(() => alert('rate', '< 5/s for 3'))).toContain('write 3ms or 3s')
    expect(await refused(() => alert('rate', '< 5/s for soon'))).toContain('"soon" is not a duration')
    expect(await refused(() => alert('rate', '< 5ms for 3s'))).toContain('"5ms" is not a rate')
    expect(await refused(() => alert('erors.rate', '> 5%'))).toContain('did you mean errors.rate?')
  })

  it('is what a check is sent to that is about the course of a run', async () => {
    for (const expression of ['>= 850/s for 3m', 'falling'])
      expect(await refusal(() => parseCheck('rate', expression))).toContain(
        'next: say what must not last among the alerts, such as alerts: { rate: < 850/s for 3m }',
      )
  })
})
