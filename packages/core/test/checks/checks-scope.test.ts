import { describe, expect, it } from 'vitest'
import { evaluateChecks, metricValue, parseCheck } from '../../src/checks/checks.ts'
import { flow, operation, phase } from '../metrics/measured.ts'

const flows = [
  flow('orders', { insert: operation([1, 1, 1]), select: operation([5]) }),
  flow('series', { insert: operation([9, 9]) }),
]
const measured = { flows, elapsedMs: 1000 }
const requests = (scope: string) => metricValue(measured, `${scope}requests`)

describe('the scope of a metric', () => {
  it('is everything, a flow, an operation, or an operation of a flow', () => {
    expect(requests('').value).toBe(6)
    expect(requests('orders/').value).toBe(4)
    expect(requests('insert/').value).toBe(5)
    expect(requests('orders/insert/').value).toBe(3)
    expect(requests('*/insert/').value).toBe(5)
    expect(requests('orders/*/').value).toBe(4)
    expect(metricValue(measured, 'insert/response.max').text).toBe('9.00 ms')
  })

  it('is refused where a name is both a flow and an operation, and that makes a difference', () => {
    const twice = { flows: [flow('get', { get: operation([1]), set: operation([2]) })], elapsedMs: 1000 }
    const [result] = evaluateChecks([parseCheck('get/requests', '> 0')], [phase(twice.flows, 1000)], 's')
    expect(result).toMatchObject({
      status: 'failed',
      actual: 'get is both a flow and an operation: write get/*/requests or */get/requests',
    })
    expect(metricValue(twice, 'get/*/requests').value).toBe(2)
    expect(metricValue(twice, '*/get/requests').value).toBe(1)
    const same = {
      flows: [flow('get', { get: operation([1]) }), flow('set', { set: operation([1]) })],
      elapsedMs: 1000,
    }
    expect(metricValue(same, 'get/requests').value).toBe(1)
  })
})
