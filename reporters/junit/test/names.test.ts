import { expect, test } from 'vitest'
import { report, steady } from './run.ts'

test('a dot in the name of a scenario does not make it a package', async () => {
  const { suites } = await report({ name: 'shop.eu', scenarios: { 'api.v2': steady } })
  expect(suites[0]).toMatchObject({ name: 'api.v2', cases: [{ className: 'shop.eu.api_v2' }] })
})

test('what XML cannot represent is shown as �, and everything else as it is', async () => {
  const id = 'a <&> "\' ]]> \u{1F680} \uFFFE é.'
  const { suites } = await report({ scenarios: { [id]: steady } })
  expect(suites[0]!.name).toBe('a <&> "\' ]]> \u{1F680} � é.')
})

test('a name without any printable character is �', async () => {
  const { suites } = await report({ scenarios: { '\uFFFE': steady } })
  expect(suites).toMatchObject([{ name: '�', cases: [{ className: 'cloudbench.�' }] }])
})

test('scenarios whose names look the same stay apart', async () => {
  const { suites } = await report({ scenarios: { 'a\uFFFE': steady, 'a\uFFFF': steady } })
  expect(suites.map(({ name }) => name)).toEqual(['a�', 'a� (2)'])
})
