import { defineDriver, defineWorkload } from '../src/index.ts'

/** Answers at once: what is left is the host. */
export default defineDriver({
  name: 'null',
  workloads: {
    issue: defineWorkload({
      connect({ outcome }) {
        const ok = outcome('ok')
        return { streams: 16, issue: (slot) => slot.done(ok), close: () => {} }
      },
    }),
    request: defineWorkload({
      connect({ outcome }) {
        const ok = Promise.resolve(outcome('ok'))
        return { streams: 16, request: () => ok, close: () => {} }
      },
    }),
  },
})
