import { setTimeout as sleep } from 'node:timers/promises'
import { defineDriver, defineWorkload } from '@cloudbench/core'

/** Answers after a while, now and then with a failure, and counts. */
const mixed = defineWorkload({
  connect({ outcome, counter, recorder }) {
    const hit = outcome('hit', { operation: 'get' })
    const miss = outcome('miss', { operation: 'get' })
    const nope = outcome('nope', { operation: 'set', ok: false })
    const retries = counter('retries')
    const parse = recorder('parse')
    return {
      async request({ index }) {
        await sleep(index % 4)
        if (index % 5 === 0) retries.add(1)
        parse.record(1_000 + index)
        return index % 10 === 0 ? nope : index % 3 === 0 ? miss : hit
      },
      close: () => {},
    }
  },
})

export default defineDriver({
  name: 'fixture',
  workloads: { mixed },
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close: () => {} }
  },
  loopback: () => ({ target: 'fixture://127.0.0.1:7', close: () => {} }),
})
