/** A project whose driver never returns from the step that `HANG` names, with a `promise` or in a `loop`. */
export const hangingProject = {
  'hanging.mjs': `import { defineDriver, defineWorkload } from '@cloudbench/core'
const [step, how] = (process.env.HANG ?? '').split(' ')
const hang = (name) => {
  if (step !== name) return undefined
  console.log('hangs in ' + name)
  while (how === 'loop') {}
  return new Promise(() => {})
}
export default defineDriver({
  name: 'hanging',
  workloads: {
    only: defineWorkload({
      async connect({ outcome }) {
        await hang('connect')
        const ok = outcome('ok')
        return {
          request: async () => { await hang('request'); return ok },
          close: () => hang('close'),
        }
      },
      prepare: async () => { await hang('prepare'); return {} },
      audit: async () => { await hang('audit'); return [] },
      observe: async () => { await hang('observe'); return { read: () => ({}), close() {} } },
    }),
  },
  loopback: () => ({ target: 'hanging://loopback', close() {} }),
})`,
  'config/targets/mine.yaml': 'driver: ./hanging.mjs\nurl: hanging://here\n',
  'config/scenarios/mine.yaml':
    'target: mine\nconnections: 1\nrate: 100/s\nduration: 300ms\nwarmup: 0s\ndrain: 0s\n',
}
