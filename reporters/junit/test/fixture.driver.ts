import { defineDriver, defineWorkload } from '@cloudbench/core'
import { z } from '@cloudbench/schema'

/** Answers at once, or fails in the way that the workload is named after. */
export default defineDriver({
  name: 'fixture',
  workloads: {
    answers: {},
    audited: defineWorkload({
      options: z.strictObject({ message: z.string().default('3 were lost') }),
      audit: ({ options: { message } }) => [
        { name: 'stored', status: 'passed', examined: 10, violations: 0 },
        { name: 'fresh', status: 'failed', examined: 20, violations: 3, message },
        { name: 'in order', status: 'skipped', examined: 0, violations: 0, message: 'nothing to compare' },
      ],
    }),
    fails: defineWorkload({
      connect({ outcome }) {
        const nope = outcome('nope', { ok: false })
        return { request: async () => nope, close: () => {} }
      },
    }),
    refuses: defineWorkload({
      connect() {
        throw new Error('nobody\nlistens <here>')
      },
    }),
    'answers twice': defineWorkload({
      connect({ outcome }) {
        const ok = outcome('ok')
        return {
          issue(slot) {
            slot.done(ok)
            slot.done(ok)
          },
          close: () => {},
        }
      },
    }),
  },
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close: () => {} }
  },
  loopback: () => ({ target: 'fixture://loopback', close: () => {} }),
})
