import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { crewSizeOf, type Calibration } from '../../src/orchestrator/crew-size.ts'
import { isLocal } from '../../src/orchestrator/size-crew.ts'

/** One worker that sent 1000 requests in a second, at 0.2 ms each. */
const easy: Calibration = {
  cpuMs: 200,
  elapsedMs: 1000,
  flows: [{ perSecond: 1000, connections: 50, answered: 1000 }],
  cpus: 8,
  hasLocalServer: false,
}

describe('the number of workers', () => {
  it('is one where that has time enough', () => {
    expect(crewSizeOf(easy)).toEqual({
      workers: 1,
      reason: '1000/s takes 20 % of a core, and a worker is to be busy for 60 % at most',
    })
  })

  it('keeps each below its share of a core', () => {
    expect(crewSizeOf({ ...easy, cpuMs: 600 }).workers).toBe(1)
    expect(crewSizeOf({ ...easy, cpuMs: 610 }).workers).toBe(2)
    expect(crewSizeOf({ ...easy, cpuMs: 950 }).workers).toBe(2)
  })

  it('counts what one worker did not get to at the cost of what it did', () => {
    const flows = [{ perSecond: 4000, connections: 50, answered: 1000 }]
    expect(crewSizeOf({ ...easy, cpuMs: 990, flows })).toEqual({
      workers: 7,
      reason: '4000/s takes 396 % of a core, and a worker is to be busy for 60 % at most',
    })
  })

  it('leaves a core to a server on this machine, and says that this is the limit', () => {
    const much = { ...easy, cpuMs: 990, flows: [{ perSecond: 9000, connections: 50, answered: 1000 }] }
    expect(crewSizeOf(much).workers).toBe(8)
    const beside = crewSizeOf({ ...much, hasLocalServer: true })
    expect(beside.workers).toBe(7)
    expect(beside.reason).toContain('; 8 cores with a server on them are the limit')
    expect(crewSizeOf({ ...much, cpus: 1, hasLocalServer: true }).workers).toBe(1)
  })

  it('is never more than there are connections', () => {
    const flows = [{ perSecond: 9000, connections: 3, answered: 1000 }]
    expect(crewSizeOf({ ...easy, cpuMs: 990, flows })).toMatchObject({
      workers: 3,
      reason: expect.stringContaining('; 3 connections are the limit') as string,
    })
  })

  it('of a closed loop is one, or all that there is room for', () => {
    const flows = [{ connections: 50, answered: 100_000 }]
    expect(crewSizeOf({ ...easy, cpuMs: 300, flows }).workers).toBe(1)
    expect(crewSizeOf({ ...easy, cpuMs: 950, flows })).toEqual({
      workers: 8,
      reason:
        'a closed loop takes all of a core, and a worker is to be busy for 60 % at most; 8 cores are the limit',
    })
  })

  it('is one for a target that does not answer', () => {
    const flows = [{ perSecond: 9000, connections: 50, answered: 0 }]
    expect(crewSizeOf({ ...easy, flows })).toEqual({
      workers: 1,
      reason: 'nothing was answered in time to tell more',
    })
  })

  it('is within its bounds, and grows with the cost, whatever was measured', () => {
    const calibration = fc.record({
      cpuMs: fc.double({ min: 0, max: 5000, noNaN: true }),
      elapsedMs: fc.double({ min: 1, max: 5000, noNaN: true }),
      flows: fc.array(
        fc.oneof(
          fc.record({ connections: fc.integer({ min: 1, max: 1000 }), answered: fc.nat() }),
          fc.record({
            perSecond: fc.double({ min: 0, max: 1e6, noNaN: true }),
            connections: fc.integer({ min: 1, max: 1000 }),
            answered: fc.nat(),
          }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      cpus: fc.integer({ min: 1, max: 256 }),
      hasLocalServer: fc.boolean(),
    })
    fc.assert(
      fc.property(calibration, (measured) => {
        const { workers } = crewSizeOf(measured)
        expect(workers).toBeGreaterThanOrEqual(1)
        expect(workers).toBeLessThanOrEqual(measured.cpus)
        expect(Number.isInteger(workers)).toBe(true)
        expect(crewSizeOf({ ...measured, cpuMs: measured.cpuMs * 2 }).workers).toBeGreaterThanOrEqual(workers)
      }),
    )
  })
})

const given = (url: string) => ({ url, shown: { name: 'it', url, origin: 'given' as const } })

test.each([
  'redis://localhost:6379',
  'http://127.0.0.1:8080/path',
  'http://127.1.2.3/',
  'http://[::1]:80',
  'kafka://10.0.0.1:9092,localhost:9092',
  'postgres:///db?host=/run/postgresql',
  'redis+unix:///run/redis.sock',
  'localhost:50051',
])('%s is on this machine', (url) => expect(isLocal(given(url))).toBe(true))

test.each(['redis://10.1.2.3:6379', 'https://localhost.example.com', 'steady://here', 'kafka://a:1,b:2'])(
  '%s is not',
  (url) => expect(isLocal(given(url))).toBe(false),
)

test('what was started or found for a run is on this machine', () => {
  const { url, shown } = given('redis://10.1.2.3:6379')
  for (const origin of ['started', 'found', 'loopback'] as const)
    expect(isLocal({ url, shown: { ...shown, origin } })).toBe(true)
})
