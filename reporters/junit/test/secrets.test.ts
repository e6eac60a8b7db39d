import { expect, test } from 'vitest'
import { report, steady } from './run.ts'

test('a password that XML has to escape is not in the report', async () => {
  const password = 'p&<"ss\'w>rd'
  const { suites, xml } = await report({
    env: { PASSWORD: password },
    scenarios: {
      steady: { ...steady, workload: 'audited', options: { message: 'refused ${env:PASSWORD}' } },
    },
  })
  expect(suites[0]!.cases[2]).toMatchObject({ message: '3 of 20 wrong: refused ***' })
  expect(xml).not.toMatch(/p&amp;|w&gt;rd/)
})

test.each(['testcase', 'name', 'failure', 'junit', '2026', '0'])(
  'a password %s does not take the format apart',
  async (password) => {
    const { suites } = await report({
      url: `fixture://user:${password}@somewhere`,
      scenarios: { steady: { ...steady, checks: { requests: '>= 1k' } } },
    })
    expect(suites[0]!.properties['target.main']).toBe('fixture://user:***@somewhere (given)')
    expect(suites[0]!.cases).toMatchObject([{ outcome: 'failure' }])
  },
)
