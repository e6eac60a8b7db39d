import { expect, test } from 'vitest'
import { redactedJson } from '../src/redacted.ts'

const redact = (text: string): string => text.replaceAll('count', '***')
const read = (value: unknown): unknown => JSON.parse(Buffer.from(redactedJson(value, redact)).toString())

test('a secret goes from values and from names that were given, wherever they are', () => {
  expect(read({ message: 'no account', outcomes: { count: { ok: true } }, list: [['count']] })).toEqual({
    message: 'no ac***',
    outcomes: { '***': { ok: true } },
    list: [['***']],
  })
})

test('a secret that is a word of the format does not break it', () => {
  expect(read({ response: { count: 3, hdr: 'HISTcount' } })).toEqual({
    response: { count: 3, hdr: 'HISTcount' },
  })
})
