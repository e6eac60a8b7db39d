import { expect, it } from 'vitest'
import { load, loadTree, refusal } from './project.ts'

const yaml = (text: string) => refusal(() => load({ files: { 'config/scenarios/s.yaml': text } }))

it('says where an unknown key is, and suggests what was meant', async () => {
  expect(await yaml('target: http\nrat: 5')).toBe(
    'CB_CONFIG: scenarios.s.rat is not a setting (config/scenarios/s.yaml:2:1)\n  next: did you mean rate?',
  )
  expect(await yaml('target: http\nflows:\n  main:\n    conections: 5')).toContain(
    'scenarios.s.flows.main.conections is not a setting (config/scenarios/s.yaml:4:5)\n  next: did you mean connections?',
  )
  expect(await yaml('target: http\nphases:\n  - name: a\n    durration: 5s\n    duration: 5s')).toContain(
    'scenarios.s.phases.0.durration is not a setting (config/scenarios/s.yaml:4:5)',
  )
  expect(await refusal(() => loadTree({ repoters: [] }))).toContain('did you mean reporters?')
  expect(await refusal(() => loadTree({ defaults: { frobnicate: 1 } }))).toContain(
    'next: available: abort, alerts, arrivals, checks, connections',
  )
})

it('says what a value is and what it should be', async () => {
  expect(await yaml('target: 5')).toBe(
    'CB_CONFIG: scenarios.s.flows.main.target (config/scenarios/s.yaml:1:1) is 5\n  expected: a string',
  )
  expect(await yaml('flows: 5')).toContain(
    'scenarios.s.flows (config/scenarios/s.yaml:1:1) is 5\n  expected: a map',
  )
  expect(await yaml('tags: x')).toContain('is "x"\n  expected: a list')
  expect(await yaml('target: ""')).toContain('is ""\n  expected: a value that is not empty')
  expect(await yaml('phases: []')).toContain('is an empty list\n  expected: at least one entry')
  expect(await yaml('duration: true')).toContain('is true\n  expected: a string or a number')
  expect(await yaml('options: [1]')).toContain('is a list\n  expected: a map')
  expect(await yaml('arrivals: possion')).toContain(
    'is "possion"\n  expected: one of constant, poisson\n  next: did you mean poisson?',
  )
  expect(await yaml('connections: 0')).toContain(
    '0 is not allowed here\n  expected: a whole number, at least 1',
  )
  expect(await yaml('workers: 1.5')).toContain('1.5 is not a whole number')
  expect(await refusal(() => loadTree({ environment: [5] }))).toContain(
    'expected: the name of a plugin, or [name, { options }]',
  )
  expect(await refusal(() => loadTree({ targets: { a: { url: 'x' } } }))).toBe(
    'CB_CONFIG: targets.a.driver is missing (cloudbench.config.json:1:13)',
  )
  expect(await refusal(() => loadTree({ targets: { '': { driver: 'x' } } }))).toContain('CB_CONFIG: targets')
  expect(await refusal(() => loadTree({ plugins: [{ hooks: {} }] }))).toContain('plugins.0')
  expect(await refusal(() => loadTree({ plugins: [{ hooks: {} }] }))).toContain(
    'is not a plugin: it has no name or no hooks',
  )
})

it('does not show a possible password', async () => {
  const text = await refusal(() =>
    loadTree({ targets: { a: { driver: 'x', url: ['redis://u:hunter2@h'] } } }),
  )
  expect(text).not.toContain('hunter2')
  const scalar = await refusal(() => loadTree({ output: 5, name: '', targets: { a: 'redis://u:hunter2@h' } }))
  expect(scalar).toContain('targets.a (cloudbench.config.json:1:34) is "redis://u:***@h"')
})

it('names every problem at once', async () => {
  expect(await yaml('target: http\nrat: 5\nduration: 10')).toBe(
    [
      'CB_CONFIG: the configuration has 2 problems',
      '  - scenarios.s.duration (config/scenarios/s.yaml:3:1): 10 what? A duration needs a unit: write 10ms or 10s',
      '  - scenarios.s.rat is not a setting (config/scenarios/s.yaml:2:1): did you mean rate?',
    ].join('\n'),
  )
})
