import { expect, it } from 'vitest'
import { load, shown } from './project.ts'

const path = 'scenarios.http-json-api.flows.main.rate'
const setting = (rate: number) => JSON.stringify({ scenarios: { 'http-json-api': { rate } } })

// from the lowest to the highest
const layers = [
  { origin: 'cloudbench.config.json:1:32', files: { 'cloudbench.config.json': setting(1) } },
  { origin: 'config/baseline/default.yaml:1:32', files: { 'config/baseline/default.yaml': setting(2) } },
  {
    origin: 'config/baseline/ci.yml:1:32',
    files: { 'config/baseline/ci.yml': setting(3) },
    baselines: ['ci'],
  },
  {
    origin: 'config/scenarios/http-json-api.yaml:1:1',
    files: { 'config/scenarios/http-json-api.yaml': 'rate: 4' },
  },
  {
    origin: 'CLOUDBENCH_SCENARIOS__HTTP_JSON_API__RATE',
    env: { CLOUDBENCH_SCENARIOS__HTTP_JSON_API__RATE: '5' },
  },
  { origin: '--rate', flags: { rate: '6' } },
  { origin: '--set', set: ['scenarios.http-json-api.rate=7'] },
]

it('lets each layer win over those below it', async () => {
  expect(shown(await load(), path)).toBe('100/s (built-in)')
  const files: Record<string, string> = {}
  const given = { files }
  for (const [at, { origin, ...layer }] of layers.entries()) {
    Object.assign(files, layer.files)
    Object.assign(given, layer, { files })
    expect(shown(await load(given), path)).toBe(`${at + 1} (${origin})`)
  }
})

it('lets the last of several baselines and settings win', async () => {
  const files = { 'config/baseline/a.json': setting(1), 'config/baseline/b.json': setting(2) }
  expect(shown(await load({ files, baselines: ['a', 'b'] }), path)).toContain('2 (config/baseline/b.json')
  expect(shown(await load({ files, baselines: ['b', 'a'] }), path)).toContain('1 (config/baseline/a.json')
  const set = ['scenarios.http-json-api.rate=1', 'scenarios.http-json-api.rate=2']
  expect(shown(await load({ set }), path)).toBe('2 (--set)')
})

it('names every file that it read, the lowest layer first', async () => {
  const files = {
    'config/scenarios/mine.yaml': 'target: http',
    'config/targets/http.yaml': 'url: http://127.0.0.1:1',
    'config/baseline/default.yaml': '',
    'cloudbench.config.yaml': 'name: x',
    'config/scenarios/README.md': 'not data',
  }
  const config = await load({ files })
  expect(config.files).toEqual([
    'cloudbench.config.yaml',
    'config/baseline/default.yaml',
    'config/targets/http.yaml',
    'config/scenarios/mine.yaml',
  ])
  expect(config.tree.targets).toMatchObject({ http: { driver: 'http', url: 'http://127.0.0.1:1' } })
})

it('works in a folder without any configuration', async () => {
  const config = await load()
  expect(config.files).toEqual([])
  expect(config.resolveFrom).toMatch(/^file:.*\/$/)
  expect(config.entries().every(({ origin }) => origin === 'built-in')).toBe(true)
})

it('removes what a higher layer sets to null', async () => {
  const files = { 'cloudbench.config.yaml': 'scenarios: { redis-read-heavy: null }' }
  const config = await load({ files, set: ['scenarios.http-json-api.rate=null'] })
  expect(Object.keys(config.tree.scenarios!)).toEqual(['http-json-api'])
  expect(shown(config, path)).toBe('absent')
})
