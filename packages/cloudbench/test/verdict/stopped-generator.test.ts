import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eventually } from '../support/cli.ts'
import { runInProcess } from '../support/in-process.ts'
import { workersOf } from '../support/processes.ts'
import { httpTarget } from '../support/target.ts'
import { checkIn, startLoad, strict, type Judged } from './run.ts'

const checks = { 'response.p99': '< 30s', 'response.p50': '< 30s' }

/** The load worker is stopped for a second of ten, against a server that takes 200 ms for an answer. */
async function runStopped(flags: string): Promise<Judged> {
  const target = await httpTarget({ delayMs: 200 })
  const line = `--rate 100/s --connections 300 --duration 10s ${flags}`.trim()
  const running = await startLoad({ target, line, checks })
  let worker: number | undefined
  await eventually(() => (worker = workersOf(running.child.pid!)[0]) !== undefined)
  // in the course of the measurement
  await eventually(() => running.stderr().includes('an interval'))
  await sleep(2_000)
  process.kill(worker!, 'SIGSTOP')
  await sleep(1_000)
  process.kill(worker!, 'SIGCONT')
  return await running.judged
}

test('a generator that was stopped for a second of ten: the p99 is invalid, exit code 3, and the p50 stands', async () => {
  const judged = await runStopped('')
  expect(judged.code).toBe(3)
  expect(judged.stderr).toMatch(/check response\.p99 < 30s is invalid: .* s, invalid: the generator was late/)
  expect(judged.stderr).toMatch(/next: .*--workers/)
  expect(judged.stderr).toMatch(/\nINVALID {2}exit code 3, \S+ s\n$/)
  expect(JSON.parse(judged.stdout)).toMatchObject({
    exit: 3,
    verdict_reasons: expect.arrayContaining(['GENERATOR_LAG']) as unknown,
  })
  expect(checkIn(judged, 'response.p99')).toMatchObject({ status: 'invalid', validity: 'invalid' })
  const median = checkIn(judged, 'response.p50')!
  expect(median.status).toBe('passed')
  expect(median.validity).not.toBe('invalid')

  const again = await runInProcess(['report', judged.file, '--reporter', 'json'], '/', strict)
  expect([again.code, again.stdout]).toEqual([3, judged.stdout])
}, 60_000)

test('where invalid numbers are allowed, checks stand on them, and the last line says so', async () => {
  const judged = await runStopped('--allow-invalid')
  expect(judged.code).toBe(0)
  expect(judged.stderr).toMatch(/\nPASSED {2}exit code 0, \S+ s, invalid numbers were allowed\n$/)
  expect(checkIn(judged, 'response.p99')).toMatchObject({
    status: 'passed',
    validity: 'invalid',
    actual: expect.stringContaining('invalid but allowed: the generator was late') as unknown,
  })
  const again = await runInProcess(['report', judged.file, '--reporter', 'json'], '/', strict)
  expect(again.code).toBe(0)
  expect(again.stderr).toMatch(/invalid numbers were allowed\n$/)
}, 60_000)
