import { expect, test } from 'vitest'
import { httpTarget } from '../support/target.ts'
import { checkIn, codesIn, runLoad } from './run.ts'

/** Too short for a p99 that can be relied on. */
const short = '--rate 50/s --duration 2s --interval 500ms'

test('a suspect number is no ground for a check where numbers have to be valid', async () => {
  const target = await httpTarget({ delayMs: 100 })
  const judged = await runLoad({
    target,
    line: `${short} --require valid`,
    checks: { 'response.p99': '< 10m' },
  })
  expect(codesIn(judged)).toContain('TOO_FEW_SAMPLES')
  expect(checkIn(judged, 'response.p99')!.status).toBe('invalid')
  expect(judged.code).toBe(3)
  expect(judged.stderr).toMatch(/api is suspect|api is invalid/)
}, 60_000)

test('it is allowed where everything is, and that is said', async () => {
  const target = await httpTarget({ delayMs: 100 })
  const judged = await runLoad({
    target,
    line: `${short} --require valid --allow-invalid`,
    checks: { 'response.p99': '< 10m' },
  })
  expect(checkIn(judged, 'response.p99')!.status).toBe('passed')
  expect(judged.code).toBe(0)
  expect(judged.stderr).toMatch(/invalid numbers were allowed\n$/)
}, 60_000)
