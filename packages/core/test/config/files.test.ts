import { join } from 'node:path'
import { expect, it } from 'vitest'
import { load, project, refusal } from './project.ts'

it('lists the baselines when one is missing', async () => {
  const files = { 'config/baseline/ci.yaml': '', 'config/baseline/nightly.json': '{}' }
  expect(await refusal(() => load({ files, baselines: ['nigthly'] }))).toBe(
    [
      'CB_CONFIG: there is no baseline nigthly in config/baseline',
      '  expected: ci, nightly',
      '  next: did you mean nightly?',
    ].join('\n'),
  )
  expect(await refusal(() => load({ baselines: ['ci'] }))).toContain(
    'expected: a file such as config/baseline/ci.yaml',
  )
})

it('takes a baseline by its path', async () => {
  const config = await load({
    files: { 'elsewhere/b.yaml': 'name: from-b' },
    baselines: ['elsewhere/b.yaml'],
  })
  expect(config.tree.name).toBe('from-b')
})

it('refuses two files for one thing', async () => {
  const two = { 'config/targets/a.yaml': 'driver: http', 'config/targets/a.json': '{}' }
  expect(await refusal(() => load({ files: two }))).toContain(
    'config/targets/a.json and config/targets/a.yaml are both called a',
  )
  const configs = { 'cloudbench.config.yaml': '', 'cloudbench.config.json': '{}' }
  expect(await refusal(() => load({ files: configs }))).toContain(
    'there are 2 config files: cloudbench.config.yaml, cloudbench.config.json',
  )
})

it('refuses code where data belongs', async () => {
  expect(await refusal(() => load({ files: { 'config/scenarios/a.ts': 'export default {}' } }))).toBe(
    [
      'CB_CONFIG: config/scenarios/a.ts is not read: this folder is for data',
      '  expected: YAML or JSON',
      '  next: move code to cloudbench.config.ts',
    ].join('\n'),
  )
})

it('takes a config file by its path, and the folders beside it', async () => {
  const files = { 'deep/my.yaml': 'name: deep', 'deep/config/targets/a.yaml': 'driver: http' }
  const config = await load({ files, configFile: 'deep/my.yaml' })
  expect(config.tree.name).toBe('deep')
  expect(Object.keys(config.tree.targets!)).toContain('a')
  expect(config.resolveFrom).toMatch(/deep\/my\.yaml$/)
  expect(await refusal(() => load({ configFile: 'gone.ts' }))).toContain(
    'CB_CONFIG: there is no config file gone.ts',
  )
  expect(await refusal(() => load({ files: { 'x.toml': '' }, configFile: 'x.toml' }))).toContain(
    'x.toml is not in a language that cloudbench reads',
  )
})

it('says which file cannot be read', async () => {
  const folder = project({ 'config/targets/a.yaml/inside': '' })
  expect(await refusal(() => load({ cwd: folder }))).toMatch(
    /^CB_CONFIG: config\/targets\/a\.yaml cannot be read: it is a folder/,
  )
  const config = await load({ cwd: join(folder, '..') })
  expect(config.files).toEqual([])
})
