import { setTimeout as sleep } from 'node:timers/promises'
import { defineDriver, defineWorkload } from '@cloudbench/core'

/** Answers a few milliseconds late, or in every way that there is. */
export default defineDriver({
  name: 'fixture',
  workloads: {
    steady: defineWorkload({
      audit: () => [
        { name: 'stored', status: 'passed', examined: 10, violations: 0 },
        { name: 'in order', status: 'skipped', examined: 0, violations: 0 },
      ],
      connect({ outcome, counter }) {
        const outcomes = [outcome('hit', { operation: 'get' }), outcome('ok', { operation: 'set' })]
        const hits = counter('cache.hits')
        const misses = counter('cache.misses')
        let sent = 0
        return {
          async request() {
            sent++
            ;(sent % 4 === 0 ? misses : hits).add(1)
            await sleep(sent % 10)
            return outcomes[sent % 2]!
          },
          close: () => {},
        }
      },
    }),
    mixed: defineWorkload({
      connect({ outcome }) {
        const hit = outcome('hit', { operation: 'get' })
        const refused = outcome('refused "\\\n', { operation: 'get', ok: false })
        let sent = 0
        return {
          async request() {
            sent++
            if (sent % 5 === 0) await new Promise(() => {})
            return sent % 3 === 0 ? refused : hit
          },
          close: () => {},
        }
      },
    }),
  },
  loopback: () => ({ target: 'fixture://loopback', close: () => {} }),
})
