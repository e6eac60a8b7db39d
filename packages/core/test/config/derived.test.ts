import { describe, expect, it } from 'vitest'
import type { DerivedSetting } from '../../src/plugin/environment.ts'
import { load, loadTree, refusal, shown } from './project.ts'

const reason = 'NUMA node 0 has 2 CPUs'
const workers = (value: DerivedSetting['value'], why = reason): DerivedSetting => ({
  path: 'defaults.workers',
  value,
  reason: why,
})

/** As environments answer, by name. */
function derive(answers: Readonly<Record<string, unknown>>) {
  return () => new Map(Object.entries(answers)) as ReadonlyMap<string, readonly DerivedSetting[]>
}

describe('what an environment derives from the machine', () => {
  it('is above the built-in layer, with its origin', async () => {
    const config = await load({ derive: derive({ numa: [workers(2)] }) })
    expect(shown(config, 'defaults.workers')).toBe(`2 (derived by numa: ${reason})`)
    expect(config.tree.defaults?.workers).toBe(2)
    expect(config.originOf(['defaults', 'workers'])).toContain('numa')
  })

  it.each([
    ['the config file', { files: { 'cloudbench.config.json': '{"defaults":{"workers":7}}' } }],
    ['a baseline', { files: { 'config/baseline/default.yaml': 'defaults: { workers: 7 }' } }],
    ['a variable', { env: { CLOUDBENCH_DEFAULTS__WORKERS: '7' } }],
    [
      'a config hook',
      { onDraft: (draft: Record<string, unknown>) => void (draft['defaults'] = { workers: 7 }) },
    ],
    ['--set', { set: ['defaults.workers=7'] }],
  ])('is below %s', async (_, given) => {
    const config = await load({ ...given, derive: derive({ numa: [workers(2)] }) })
    expect(shown(config, 'defaults.workers')).toMatch(/^7 \((?!derived)/)
  })

  it('is below a scenario file and the shortcuts, which set it for a scenario', async () => {
    const files = { 'config/scenarios/mine.yaml': 'target: http\nworkers: 7' }
    const given = derive({ numa: [workers(2)] })
    expect(shown(await load({ files, derive: given }), 'scenarios.mine.workers')).toMatch(/^7 /)
    const flags = { workers: '8' }
    expect(shown(await load({ files, flags, derive: given }), 'scenarios.mine.workers')).toBe('8 (--workers)')
  })

  it('gives way to a null, which leaves a setting out', async () => {
    const config = await load({ set: ['defaults.workers=null'], derive: derive({ numa: [workers(2)] }) })
    expect(config.tree.defaults).not.toHaveProperty('workers')
  })

  it('of a later environment wins over that of an earlier one, and the origin says so', async () => {
    const config = await load({
      derive: derive({ numa: [workers(2)], cloud: [workers(4, 'm7g.xlarge')], agrees: [workers(4, 'too')] }),
    })
    expect(shown(config, 'defaults.workers')).toBe('4 (derived by agrees: too)')
    const two = await load({ derive: derive({ numa: [workers(2)], cloud: [workers(4, 'm7g.xlarge')] }) })
    expect(shown(two, 'defaults.workers')).toBe(
      `4 (derived by cloud: m7g.xlarge (instead of 2 by numa: ${reason}))`,
    )
  })

  it('does not change the digest', async () => {
    const plain = await load()
    const derived = await load({ derive: derive({ numa: [workers(2)] }) })
    expect(derived.digest).toBe(plain.digest)
    expect(derived.deciding).toMatchObject({ defaults: { workers: 2 } })
    expect((await load({ set: ['defaults.workers=2'] })).digest).not.toBe(plain.digest)
  })

  it('may be an option of a target, as a map or one by one', async () => {
    const options = { path: 'targets.http.options', value: { keepAlive: true }, reason: 'why' }
    const one = { path: 'targets.http.options.sockets', value: [1, 2], reason: 'why' }
    const config = await load({ derive: derive({ net: [options, one] }) })
    expect(config.tree.targets?.['http']?.options).toEqual({ keepAlive: true, sockets: [1, 2] })
  })

  it('is requested with the configuration without derived settings', async () => {
    const seen: (string | undefined)[] = []
    await load({
      environment: ['numa'],
      derive: (config) => {
        seen.push(JSON.stringify(config.tree.environment))
        return new Map()
      },
    })
    expect(seen).toEqual(['["numa"]'])
  })

  it.each([
    ['an unknown setting', [{ path: 'defaults.wrokers', value: 2, reason }], 'did you mean workers?'],
    [
      'a wrong type',
      [workers('many')],
      'defaults.workers (derived by numa: NUMA node 0 has 2 CPUs): "many" is not a count',
    ],
    [
      'a scenario',
      [{ path: 'scenarios.http-json-api.rate', value: 2, reason }],
      'cannot be derived from a machine',
    ],
    [
      'environments',
      [{ path: 'environment', value: ['memory'], reason }],
      'cannot be derived from a machine',
    ],
    ['all defaults', [{ path: 'defaults', value: {}, reason }], 'cannot be derived from a machine'],
    ['a new target', [{ path: 'targets.x.url', value: 'x:', reason }], 'a target that does not exist'],
    ['what is beyond a value', [{ path: 'defaults.workers.x', value: 2, reason }], 'derived by numa'],
    ['no path', [{ path: 'a b', value: 2, reason }], 'is not a path to a setting'],
    ['no reason', [{ path: 'defaults.workers', value: 2 }], 'did not return a list of settings'],
    ['an empty reason', [workers(2, ' ')], 'did not return a list of settings'],
    ['no list', workers(2), 'did not return a list of settings'],
    ['no JSON', [workers(new Date(0) as never)], 'derived by numa'],
  ])('%s is refused, and the error names the environment', async (_, answer, says) => {
    const text = await refusal(() => load({ derive: derive({ numa: answer }) }))
    expect(text).toContain('numa')
    expect(text).toContain(says)
  })

  it('inside a list is refused', async () => {
    const tree = { targets: { a: { driver: 'http', options: { hosts: ['x'] } } }, target: 'a' }
    const setting = { path: 'targets.a.options.hosts[0]', value: 'y', reason }
    expect(await refusal(() => loadTree(tree, { derive: derive({ numa: [setting] }) }))).toContain(
      'targets.a.options.hosts.0 is inside a list (derived by numa)',
    )
  })
})
