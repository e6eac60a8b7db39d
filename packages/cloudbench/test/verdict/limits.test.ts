import { expect, test } from 'vitest'
import { httpTarget } from '../support/target.ts'
import { checkIn, codesIn, runLoad } from './run.ts'

/** Each request takes the generator 5 ms, so that it can send no more than 200 a second, on any machine. */
const slow = `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'slow',
  connect({ outcome }) {
    const ok = outcome('ok')
    const request = async () => {
      const untilMs = performance.now() + 5
      while (performance.now() < untilMs);
      return ok
    }
    return { request, close() {} }
  },
  loopback: () => ({ target: 'slow://loopback', close() {} }),
})`

test('a generator that is asked for more than it can send: the run is invalid, exit code 3', async () => {
  const judged = await runLoad({
    target: { driver: './slow.mjs' },
    line: '--rate 1k/s --connections 50 --duration 3s --interval 500ms',
    checks: { rate: '> 1/s' },
    files: { 'slow.mjs': slow },
  })
  expect(judged.code).toBe(3)
  expect(codesIn(judged)).toContain('GENERATOR_LIMITED')
  expect(judged.stderr).toMatch(/api is invalid: the generator could not send .*\n {2}next: use more workers/)
  expect(judged.result.scenarios[0]).toMatchObject({ reason: 'invalid', verdict: { limitedBy: 'generator' } })
}, 60_000)

test('a target that is overloaded: said to be saturated, and a check that it breaks at least has failed', async () => {
  const judged = await runLoad({
    target: await httpTarget({ capacityPerSecond: 50 }),
    line: '--rate 200/s --connections 2000 --duration 8s --interval 500ms',
    checks: { 'response.p99': '< 200ms' },
  })
  expect(codesIn(judged)).toContain('TARGET_SATURATED')
  expect(judged.result.scenarios[0]!.verdict!.limitedBy).toBe('target')
  expect(checkIn(judged, 'response.p99')).toMatchObject({ status: 'failed', validity: 'invalid' })
  expect(judged.code).toBe(1)
}, 60_000)

test('a target that is overloaded: a check that it might meet is neither passed nor failed', async () => {
  const judged = await runLoad({
    target: await httpTarget({ capacityPerSecond: 50 }),
    line: '--rate 200/s --connections 2000 --duration 8s --interval 500ms',
    checks: { 'response.p99': '< 10m' },
  })
  expect(checkIn(judged, 'response.p99')).toMatchObject({ status: 'invalid' })
  expect(judged.stderr).toMatch(/invalid: the target is saturated/)
  expect(judged.code).toBe(3)
}, 60_000)

test('a pool that is too small: said, with how many connections it takes', async () => {
  const judged = await runLoad({
    target: await httpTarget({ delayMs: 200 }),
    line: '--rate 100/s --connections 4 --duration 5s --interval 500ms',
    checks: { 'response.p99': '< 10m' },
  })
  expect(judged.result.scenarios[0]!.verdict!.limitedBy).toBe('pool')
  expect(checkIn(judged, 'response.p99')).toMatchObject({ status: 'invalid' })
  expect(judged.stderr).toMatch(
    /the pool is too small[^]*next: raise connections to at least 2\d \(--connections 2\d\)/,
  )
  expect(judged.code).toBe(3)
}, 60_000)
