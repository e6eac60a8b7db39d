import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, report, steady } from './run.ts'

const written = `target: server
rate: 50/s
connections: 2
checks:
  errors.rate: <= 0.1%
  requests: '>= 1k'
`

test('a case has the place of its check, or of its scenario, and a suite the file', async () => {
  const cwd = await folder()
  const name = 'reads & "writes".yaml'
  await mkdir(join(cwd, 'config/scenarios'), { recursive: true })
  await writeFile(join(cwd, 'config/scenarios', name), written)
  const file = `config/scenarios/${name}`
  const { suites } = await report({
    cwd,
    scenarios: {},
    plugins: [
      {
        name: 'judge',
        hooks: {
          'scenario:evaluate': ({ scenario: { id } }, checks) => {
            checks.push({ name: 'hits', scenario: id, status: 'failed', expected: '> 1', actual: '0' })
          },
        },
      },
    ],
  })
  expect(suites).toMatchObject([
    {
      attributes: { file },
      cases: [
        { name: 'check errors.rate', place: `${file}:5` },
        { name: 'check requests', outcome: 'failure', place: `${file}:6` },
        { name: 'check hits', place: `${file}:1` },
      ],
    },
  ])
})

test('what is built in has no place', async () => {
  const { suites, xml } = await report({
    scenarios: { steady: { ...steady, checks: { requests: '== 20' } } },
  })
  expect(suites[0]!.cases[0]!.place).toBeUndefined()
  expect(xml).not.toMatch(/ (file|line)=/)
})
