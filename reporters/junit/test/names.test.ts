import { expect, test } from 'vitest'
import { report, steady } from './run.ts'

test('a dot in the name of a scenario does not make it a package', async () => {
  const { suites } = await report({ name: 'shop.eu', scenarios: { 'api.v2': steady } })
  expect(suites[0]).toMatchObject({ name: 'api.v2', cases: [{ className: 'shop.eu.api_v2' }] })
})

test('what XML cannot represent is shown as �, terminal codes not at all, and everything else as it is', async () => {
  const id = 'a\u0000b\u001B[31m <&> "\' ]]> \uD800 \uDC00 \u{1F680} \uFFFE é\t\n\r.'
  const { suites } = await report({ scenarios: { [id]: steady } })
  expect(suites[0]!.name).toBe('a�b <&> "\' ]]> � � \u{1F680} � é\t\n\r.')
})

test('a name without any printable character is �', async () => {
  const { suites } = await report({ scenarios: { '\u001B[31m': steady } })
  expect(suites).toMatchObject([{ name: '�', cases: [{ className: 'cloudbench.�' }] }])
})

test('scenarios whose names look the same stay apart', async () => {
  const { suites } = await report({ scenarios: { 'a\u0001': steady, 'a\u0002': steady } })
  expect(suites.map(({ name }) => name)).toEqual(['a�', 'a� (2)'])
})
