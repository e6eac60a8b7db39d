import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import type { Source } from '../../src/plugin/model.ts'
import { load, project } from './project.ts'

/** Where the scenarios and their checks were written. */
async function sources(options: Parameters<typeof load>[0]): Promise<Record<string, Source | undefined>> {
  const { scenarios } = makePlan(await load(options))
  return Object.fromEntries(
    scenarios.flatMap(({ id, source, checks }) => [
      [id, source],
      ...checks.map((check) => [`${id} ${check.name}`, check.source] as const),
    ]),
  )
}

const scenario = `# reads
target: http
rate: 5/s
checks:
  rate: '> 1/s'
  # slow
  response.p99: < 5ms
`

it('knows file and line of scenarios and checks, in YAML and in JSON, whatever flags change', async () => {
  const files = {
    'config/scenarios/reads.yaml': scenario,
    'config/baseline/default.json':
      '{\n  "defaults": {\n    "checks": {\n      "unsent": "== 0"\n    }\n  }\n}\n',
  }
  expect(await sources({ files, flags: { duration: '5s', rate: '7/s' } })).toEqual({
    reads: { file: 'config/scenarios/reads.yaml', line: 1 },
    'reads errors.rate': undefined,
    'reads unsent': { file: 'config/baseline/default.json', line: 4 },
    'reads rate': { file: 'config/scenarios/reads.yaml', line: 5 },
    'reads response.p99': { file: 'config/scenarios/reads.yaml', line: 7 },
  })
})

it('takes the file that says it, and knows no place of what a variable or a flag says', async () => {
  const files = {
    'config/scenarios/reads.yaml': scenario,
    'config/baseline/ci.yaml':
      'scenarios:\n  http-json-api:\n    checks:\n      errors.rate: < 1%\n  reads:\n    checks:\n      unsent: == 0\n',
  }
  const found = await sources({
    files,
    baselines: ['ci'],
    scenarios: ['*'],
    env: { CLOUDBENCH_SCENARIOS__READS__CHECKS__RATE: '> 2/s' },
    set: ['scenarios.reads.checks["response.p99"]=< 9ms'],
  })
  expect(found).toMatchObject({
    'http-json-api': { file: 'config/baseline/ci.yaml', line: 2 },
    'http-json-api errors.rate': { file: 'config/baseline/ci.yaml', line: 4 },
    reads: { file: 'config/scenarios/reads.yaml', line: 1 },
    'reads unsent': { file: 'config/baseline/ci.yaml', line: 7 },
  })
  for (const nowhere of ['redis-read-heavy', 'reads rate', 'reads response.p99'])
    expect([nowhere, found[nowhere]]).toEqual([nowhere, undefined])
})

it('knows the file of code, and no line', async () => {
  const files = {
    'cloudbench.config.mjs':
      "export default { scenarios: { s: { target: 'http', rate: 5, checks: { rate: '> 1/s' } } } }\n",
  }
  const file = { file: 'cloudbench.config.mjs' }
  expect(await sources({ files })).toEqual({ s: file, 's rate': file, 's errors.rate': undefined })
})

it('names a file outside of the working folder by its whole path', async () => {
  const cwd = project({ 'app/.keep': '', 'load/config/scenarios/reads.yaml': scenario, 'load/c.yaml': '' })
  const options = { cwd: join(cwd, 'app'), configFile: '../load/c.yaml' }
  expect(await sources(options)).toMatchObject({
    reads: { file: join(cwd, 'load/config/scenarios/reads.yaml'), line: 1 },
  })
})

it('knows the line of a scenario in the short form, and of the checks of a flow', async () => {
  const files = {
    'cloudbench.config.yaml':
      'name: shop\ntarget: http\nflows:\n  a:\n    rate: 5/s\n    checks: { unsent: == 0 }\n',
  }
  expect(await sources({ files })).toMatchObject({
    shop: { file: 'cloudbench.config.yaml' },
    'shop a/unsent': { file: 'cloudbench.config.yaml', line: 6 },
  })
})
