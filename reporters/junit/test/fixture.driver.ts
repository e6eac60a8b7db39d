import { defineDriver, defineWorkload } from '@cloudbench/core'
import type { AuditResult, Connection, DriverContext } from '@cloudbench/core'

const audits: readonly AuditResult[] = [
  { name: 'all is there', status: 'passed', examined: 9, violations: 0 },
  { name: 'all in order', status: 'failed', examined: 9, violations: 2, message: '3 came before 2' },
  { name: 'later', status: 'skipped', examined: 0, violations: 0 },
]

function connect({ outcome }: DriverContext): Connection {
  const ok = outcome('ok')
  return { request: async () => ok, close: () => {} }
}

/** Answers at once. */
export default defineDriver({
  name: 'fixture',
  workloads: {
    plain: defineWorkload({ connect }),
    audited: defineWorkload({ connect, audit: () => audits }),
    unreachable: defineWorkload({
      connect() {
        throw new Error('nobody is at home')
      },
    }),
  },
  loopback: () => ({ target: 'fixture://loopback', close: () => {} }),
})
