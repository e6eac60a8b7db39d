import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import type { FlowPlan } from '../../src/config/plan.ts'
import { load, loadTree, refusal } from './project.ts'

const targets = {
  db: { driver: 'pg', url: 'pg://h', options: { pool: { max: 5, min: 1 }, list: [1], tls: false } },
}

async function flow(written: object): Promise<FlowPlan> {
  return makePlan(await loadTree({ targets, scenarios: { s: { flows: { f: written } } } })).scenarios[0]!
    .flows[0]!
}

it('merges the options of the target and of the flow, and the flow wins', async () => {
  const options = { pool: { max: 9 }, list: [2], tls: null, extra: 1 }
  expect(await flow({ target: 'db', workload: 'w', options })).toEqual({
    name: 'f',
    driver: 'pg',
    workload: 'w',
    target: { name: 'db', url: 'pg://h' },
    options: { pool: { max: 9, min: 1 }, list: [2], tls: false, extra: 1 },
  })
})

it('lets the options of a target outrank those built into a scenario, and a flow outrank both', async () => {
  const builtIn = {
    targets: { db: { driver: 'pg', url: 'pg://h', options: { idle: 1, path: '/target' } } },
    scenarios: {
      s: { flows: { f: { target: 'db', options: { path: '/v1', pool: { max: 9, min: 1 }, list: [1] } } } },
    },
  }
  const optionsWith = async (...set: string[]): Promise<unknown> =>
    makePlan(await load({ builtIn, scenarios: ['s'], set })).scenarios[0]!.flows[0]!.options
  const unchanged = { idle: 1, path: '/v1', pool: { max: 9, min: 1 }, list: [1] }
  expect(await optionsWith()).toEqual(unchanged)
  expect(await optionsWith('targets.db.options.path=/orders', 'targets.db.options.pool.max=2')).toEqual({
    ...unchanged,
    path: '/orders',
    pool: { max: 2, min: 1 },
  })
  expect(
    await optionsWith('targets.db.options.path=/orders', 'scenarios.s.flows.f.options.path=/flow'),
  ).toEqual({ ...unchanged, path: '/flow' })
})

it('lets the options of a higher layer win, whether the target or the flow has them', async () => {
  const files = {
    'cloudbench.config.yaml':
      'targets: { db: { driver: pg, url: "pg://h", options: { a: 1, b: 1, c: 1, d: { x: 1, y: 1 } } } }',
    'config/scenarios/s.yaml': 'target: db\noptions: { a: 2, b: 2, c: 2, d: { x: 2 } }',
  }
  const env = { CLOUDBENCH_TARGETS__DB__OPTIONS__B: '3', CLOUDBENCH_TARGETS__DB__OPTIONS__C: '3' }
  const optionsWith = async (given: object): Promise<unknown> =>
    makePlan(await load({ files, scenarios: ['s'], ...given })).scenarios[0]!.flows[0]!.options
  // all files are one layer: a flow is more particular than its target, whichever file says so
  const written = { a: 2, b: 2, c: 2, d: { x: 2, y: 1 } }
  expect(await optionsWith({})).toEqual(written)
  expect(await optionsWith({ env })).toEqual({ ...written, b: 3, c: 3 })
  const set = ['targets.db.options.c=4', 'targets.db.options.d.x=4']
  expect(await optionsWith({ env, set })).toEqual({ ...written, b: 3, c: 4, d: { x: 4, y: 1 } })
  expect(await optionsWith({ env, set: [...set, 'scenarios.s.flows.main.options.c=5'] })).toMatchObject({
    c: 5,
  })
  const flowEnv = { CLOUDBENCH_SCENARIOS__S__OPTIONS__C: '6' }
  expect(await optionsWith({ env: { ...env, ...flowEnv } })).toMatchObject({ b: 3, c: 6 })
  expect(await optionsWith({ env: { ...env, ...flowEnv }, set })).toMatchObject({ c: 4 })
})

it('lets options of a target that a hook sets outrank those that files say', async () => {
  const files = {
    'cloudbench.config.yaml': 'targets: { db: { driver: pg, url: "pg://h" } }',
    'config/scenarios/s.yaml': 'target: db\noptions: { a: 2, b: 2 }',
  }
  const onDraft = (draft: { targets?: { db?: { options?: object } } }): void => {
    draft.targets!.db!.options = { a: 3 }
  }
  const config = await load({ files, scenarios: ['s'], onDraft })
  expect(makePlan(config).scenarios[0]!.flows[0]!.options).toEqual({ a: 3, b: 2 })
})

it('takes an address with a driver, and names the target without its password', async () => {
  expect(await flow({ target: 'redis://u:pw@h:1', driver: 'redis' })).toMatchObject({
    driver: 'redis',
    target: { name: 'redis://u:***@h:1', url: 'redis://u:pw@h:1' },
  })
  expect((await flow({ target: 'h1:9092,h2:9092', driver: 'kafka' })).target.url).toBe('h1:9092,h2:9092')
  expect((await flow({ target: 'loopback', driver: 'http' })).target).toEqual({
    name: 'http',
    url: 'loopback',
  })
  expect((await flow({ driver: 'micro' })).target).toEqual({ name: 'micro', url: undefined })
})

it('lets a flow use another driver on a target', async () => {
  expect((await flow({ target: 'db', driver: 'mine' })).driver).toBe('mine')
})

it('fills in the target of a built-in scenario from the command line', async () => {
  const config = await load({ scenarios: ['http-json-api'], set: ['targets.http.url=http://127.0.0.1:8080'] })
  expect(makePlan(config).scenarios[0]!.flows[0]!.target).toEqual({
    name: 'http',
    url: 'http://127.0.0.1:8080',
  })
})

it('refuses flows without a usable target', async () => {
  expect(await refusal(() => flow({ target: 'bd' }))).toMatch(
    /^CB_CONFIG: scenarios\.s\.flows\.f\.target \(cloudbench\.config\.json:1:\d+\): there is no target bd\n {2}next: did you mean db\?$/,
  )
  expect(await refusal(() => flow({ target: 'http://h' }))).toContain('a driver is needed to load an address')
  expect(await refusal(() => flow({ rate: 5 }))).toContain('the load has no target')
  const none = await loadTree({ scenarios: { s: { description: 'empty' } } })
  expect(await refusal(() => makePlan(none))).toContain('has no flow, so the load has no target')
  const bare = await loadTree({ scenarios: { s: { flows: { f: {} } } } })
  expect(await refusal(() => makePlan(bare))).toContain('next: add one to config/targets')
})
