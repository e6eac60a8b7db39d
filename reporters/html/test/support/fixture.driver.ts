import { defineDriver } from '@cloudbench/core'

/** Answers at once. */
export default defineDriver({
  name: 'fixture',
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close: () => {} }
  },
  loopback: () => ({ target: 'fixture://loopback', close: () => {} }),
})
