import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { actionsIn } from '../src/actions.ts'

test('a file is named from the root of the repository, wherever cloudbench was started', () => {
  const { placeOf } = actionsIn({ GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '/repo' }, '/repo/load')!
  expect(placeOf('config/scenarios/api.yaml')).toBe('load/config/scenarios/api.yaml')
  expect(placeOf('/repo/other/api.yaml')).toBe('other/api.yaml')
  expect(placeOf('../..a/x.yaml')).toBe('..a/x.yaml')
  expect(placeOf('/elsewhere/api.yaml')).toBe('/elsewhere/api.yaml')
})

test('a workspace behind a link is the same folder', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cloudbench-github-')))
  onTestFinished(() => rmSync(root, { recursive: true }))
  symlinkSync(root, `${root}-link`)
  onTestFinished(() => rmSync(`${root}-link`))
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: `${root}-link` }
  expect(actionsIn(env, root)!.placeOf('a.yaml')).toBe('a.yaml')
})

test('without a workspace paths are those of the working folder, and elsewhere there are no actions', () => {
  expect(actionsIn({ GITHUB_ACTIONS: 'true' }, '/repo')!.placeOf('a.yaml')).toBe('a.yaml')
  expect(actionsIn({ CI: 'true' }, '/repo')).toBeUndefined()
})
