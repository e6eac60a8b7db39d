import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

const scenario = 'target: http\nworkload: request\nrate: 50/s\nconnections: 1\nduration: 200ms\nwarmup: 0s\n'
const project = {
  'config/targets/http.yaml': 'driver: http\nurl: loopback\n',
  'config/scenarios/a.yaml': `${scenario}tags: [nightly, slow]\n`,
  'config/scenarios/b.yaml': scenario,
}

test('--tag selects what `list` prints and `run` runs; reports and the result file have the tags', async () => {
  const cwd = await folder(project)
  const listed = await cloudbench(['list', '--tag', 'nightly'], { cwd })
  expect(listed.stdout).toMatch(/^a\n  tags: nightly, slow\n/)
  expect(listed.stdout).not.toMatch(/^b$/m)
  const { code, stdout, stderr } = await cloudbench(
    ['run', '--tag', 'slow', '--reporter', 'default', '--reporter', 'json=result.json'],
    { cwd },
  )
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ scenario: 'a' })
  expect(stderr).toMatch(/^  tags: nightly, slow$/m)
  const result = JSON.parse(await readFile(join(cwd, 'result.json'), 'utf8')) as {
    scenarios: { definition: { tags: string[] } }[]
  }
  expect(result.scenarios.map(({ definition }) => definition.tags)).toEqual([['nightly', 'slow']])
})

test('a tag that no scenario has is refused, with the one that was meant', async () => {
  const { code, stderr } = await cloudbench(['run', '--tag', 'nihgtly'], { cwd: await folder(project) })
  expect(stderr).toContain('CB_USAGE: no scenario has the tag nihgtly\n  expected: one of nightly, slow')
  expect(stderr).toContain('next: did you mean nightly?')
  expect(code).toBe(2)
})
