import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

/** A project whose config file leaves a trace when it is executed. */
async function project(): Promise<string> {
  return await folder({
    'package.json': '{ "type": "module" }',
    'cloudbench.config.ts':
      "import { writeFileSync } from 'node:fs'\nwriteFileSync(new URL('executed', import.meta.url), '')\nexport default {}\n",
  })
}

test.each([
  ['run', '--dry-run'],
  ['list'],
  ['config'],
  ['plugins'],
  ['doctor', '--config', 'cloudbench.config.ts'],
])('`%s` executes the configuration', async (...args) => {
  const cwd = await project()
  await cloudbench(args, { cwd, env: { TMPDIR: cwd, PATH: '' } })
  expect(existsSync(join(cwd, 'executed'))).toBe(true)
})

test.each([
  ['help'],
  ['--help'],
  ['--version'],
  ['report', 'none.json'],
  ['down'],
  ['up', 'nothing'],
  ['init'],
])('`%s` never does', async (...args) => {
  const cwd = await project()
  const { stdout, stderr } = await cloudbench(args, { cwd, env: { TMPDIR: cwd, PATH: '' } })
  expect(stdout + stderr).not.toBe('')
  expect(existsSync(join(cwd, 'executed'))).toBe(false)
})

test('SECURITY.md says which is which', async () => {
  const text = await readFile(new URL('../../../SECURITY.md', import.meta.url), 'utf8')
  for (const name of ['run', 'list', 'config', 'plugins', 'doctor'])
    expect(text).toMatch(new RegExp(`\\| \`${name}\` +\\| yes`))
  for (const name of ['report', 'up', 'down', 'init', 'help'])
    expect(text).toMatch(new RegExp(`\\| \`${name}\` +\\| no`))
})
