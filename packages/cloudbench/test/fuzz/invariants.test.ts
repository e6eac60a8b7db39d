import { expect, test } from 'vitest'
import { folder } from '../support/cli.ts'
import { expectDecent, expectMeasured, expectNoSecretIn, sentinel } from './invariants.ts'

const fine = { code: 2, stdout: '', stderr: 'CB_USAGE: what\n  next: this\n' }

test.each([
  ['a stack', { ...fine, stderr: 'Error: x\n    at run (cli.ts:1:2)\n' }],
  ['a bug', { ...fine, stderr: 'x\n  this is a bug in cloudbench' }],
  ['an object as text', { ...fine, stderr: 'got [object Object]' }],
  ['the secret', { ...fine, stdout: `url: ${sentinel}` }],
  ['silence', { ...fine, stderr: '' }],
  ['another code', { ...fine, code: 3 }],
])('%s is not decent', (_, outcome) => {
  expectDecent(fine, '')
  expect(() => expectDecent(outcome, '')).toThrow('')
})

test.each([
  ['nothing', ''],
  ['text', 'done'],
  ['no request', '{"requests":0}'],
  ['one scenario without a request', '{"requests":1}\n{"requests":0}\n'],
])('an end with 0 and %s is not measured', (_, stdout) => {
  expectMeasured({ code: 0, stdout: '{"requests":1}\n', stderr: '' }, '')
  expect(() => expectMeasured({ code: 0, stdout, stderr: '' }, '')).toThrow('')
})

test('a secret in a file is found', async () => {
  await expectNoSecretIn(await folder({ 'a/b.txt': 'nothing' }))
  const spoilt = await folder({ 'a/b.txt': `x ${sentinel}` })
  await expect(expectNoSecretIn(spoilt)).rejects.toThrow('')
})
