import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RequestIds } from '../../src/load/request-ids.ts'

const ids = (flow = 'main', ratio = 1): RequestIds => new RequestIds('run-1', 'redis-read-heavy', flow, ratio)

test('a traceparent is what W3C says it is, and follows from the request alone', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (index) => {
      const line = ids().traceparent(index)
      expect(line).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/)
      expect(ids().traceparent(index)).toBe(line)
    }),
  )
})

test('the bytes of a log, of a header and its text agree', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.nat({ max: 9 }), (index, at) => {
      const binary = Buffer.alloc(40)
      const header = Buffer.alloc(70)
      ids().writeIds(index, binary, at, at + 16)
      ids().write(index, header, at)
      const line = ids().traceparent(index)
      const [, trace, span] = line.split('-')
      expect(binary.toString('hex', at, at + 24)).toBe(`${trace}${span}`)
      expect(header.toString('latin1', at, at + 55)).toBe(line)
    }),
  )
})

test('requests, flows and runs differ', () => {
  const lines = ['a', 'b'].flatMap((flow) =>
    Array.from({ length: 20_000 }, (_, index) => ids(flow).traceparent(index).slice(0, 35)),
  )
  const other = new RequestIds('run-2', 'redis-read-heavy', 'a', 1).traceparent(0).slice(0, 35)
  expect(new Set([...lines, other]).size).toBe(40_001)
})

test('the share of sampled requests is the ratio', () => {
  for (const ratio of [0, 0.01, 0.5, 1]) {
    const some = ids('main', ratio)
    let sampled = 0
    for (let index = 0; index < 100_000; index++) {
      if (some.isSampled(index)) sampled++
      if (index < 1000) expect(some.traceparent(index).endsWith('01')).toBe(some.isSampled(index))
    }
    expect(Math.abs(sampled / 100_000 - ratio)).toBeLessThan(ratio % 1 === 0 ? 1e-9 : 0.01)
  }
})
