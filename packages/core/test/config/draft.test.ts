import { expect, it } from 'vitest'
import type { Config } from '../../src/config/schema.ts'
import { load, loadTree, refusal, shown } from './project.ts'

const hooked = { builtIn: {} } as const

it('takes over what a hook changes, with its origin', async () => {
  const config = await load({
    onDraft(draft) {
      const { scenarios, defaults } = draft as Config
      scenarios!['http-json-api']!.description = 'changed'
      scenarios!['added'] = { target: 'http', rate: '5/s' }
      delete scenarios!['redis-read-heavy']
      defaults!.workers = 3
    },
  })
  expect(shown(config, 'scenarios.http-json-api.description')).toBe('changed (config hook)')
  expect(shown(config, 'scenarios.added.flows.main.rate')).toBe('5/s (config hook)')
  expect(shown(config, 'defaults.workers')).toBe('3 (config hook)')
  expect(shown(config, 'defaults.seed')).toBe('1 (built-in)')
  expect(config.selected).toEqual(['added'])
})

it('lets the command line win over hooks', async () => {
  const config = await load({
    ...hooked,
    set: ['defaults.seed=9', 'scenarios.added.rate=7'],
    flags: { duration: '3s' },
    onDraft(draft) {
      Object.assign(draft, {
        defaults: { seed: 5 },
        scenarios: { added: { target: 'http://a:1', driver: 'http' } },
      })
    },
  })
  expect(shown(config, 'defaults.seed')).toBe('9 (--set)')
  expect(shown(config, 'defaults.workers')).toBe('absent')
  expect(shown(config, 'scenarios.added.flows.main.rate')).toBe('7 (--set)')
  expect(shown(config, 'scenarios.added.duration')).toBe('3s (--duration)')
})

it('checks what a hook leaves behind', async () => {
  const broken = (change: (draft: Record<string, unknown>) => void) =>
    refusal(() => loadTree({}, { onDraft: change }))
  expect(await broken((draft) => (draft['secnarios'] = {}))).toBe(
    'CB_CONFIG: secnarios is not a setting (config hook)\n  next: did you mean scenarios?',
  )
  expect(await broken((draft) => (draft['output'] = () => {}))).toContain(
    'output is a function (config hook)',
  )
  const endless: Record<string, unknown> = {}
  endless['again'] = endless
  expect(await broken((draft) => (draft['defaults'] = endless))).toContain('is nested deeper than 64 levels')
})

it('passes on what a hook throws', async () => {
  const attempt = load({
    onDraft: () => {
      throw new TypeError('mine')
    },
  })
  await expect(attempt).rejects.toThrow(TypeError)
})

it('hands out copies: a hook that changes a list in place changes nothing else', async () => {
  const builtIn: Config = { environment: [['numa', { nodes: [0] }]] }
  const config = await load({
    builtIn,
    onDraft(draft) {
      ;(draft as { environment: [string, { nodes: number[] }][] }).environment[0]![1].nodes.push(1)
    },
  })
  expect(config.tree.environment).toEqual([['numa', { nodes: [0, 1] }]])
  expect(builtIn.environment).toEqual([['numa', { nodes: [0] }]])
  expect(shown(config, 'environment')).toContain('config hook')
})
