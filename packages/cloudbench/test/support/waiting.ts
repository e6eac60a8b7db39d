/** A project that waits for half a minute at the stage that `STAGE` names, and says so. */
export const waitingProject = {
  'waiting.mjs': `import { defineDriver, defineWorkload } from '@cloudbench/core'
const wait = async (name) => {
  if (process.env.STAGE !== name) return
  console.log('waits in ' + name)
  await new Promise((resolve) => setTimeout(resolve, 30_000))
}
export default defineDriver({
  name: 'waiting',
  workloads: {
    only: defineWorkload({
      async connect({ outcome }) {
        await wait('connect')
        const ok = outcome('ok')
        return { request: async () => ok, close: () => wait('close of a connection') }
      },
      prepare: () => wait('prepare'),
      audit: async () => { await wait('audit'); return [] },
      cleanup: () => wait('cleanup'),
    }),
  },
})`,
  'telling.mjs': `import { defineReporter } from '@cloudbench/core'
const wait = async (name) => {
  if (process.env.STAGE !== name) return
  console.error('waits in ' + name)
  await new Promise((resolve) => setTimeout(resolve, 30_000))
}
export default defineReporter({
  name: 'telling',
  create: () => ({
    onRunStart: () => wait('run:start'),
    onPhaseStart({ kind }) { if (process.env.STAGE === kind) console.error('waits in ' + kind) },
    onPhaseEnd: () => wait('phase:end'),
    onScenarioEnd: () => wait('scenario:end'),
    onRunEnd: () => wait('run:end'),
    close: () => wait('close of a reporter'),
  }),
})`,
  'config/targets/mine.yaml': 'driver: ./waiting.mjs\nurl: waiting://here\n',
  'config/scenarios/mine.yaml':
    'target: mine\nconnections: 2\nworkers: 2\nrate: 50/s\nduration: 300ms\nwarmup: 0s\n',
}
