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

test('names that differ in nothing but a secret stay apart, each under one name in the whole file', () => {
  const hide = (text: string): string => text.replaceAll(/token-\d/g, '***')
  const file = {
    total: { outcomes: { 'token-1': { count: 3 }, 'token-2': { count: 4 }, '***': { count: 5 } } },
    interval: { outcomes: { 'token-2': { count: 4 } } },
    loads: { 'flow token-1': 1, 'flow token-2': 2 },
    flows: [{ flow: 'flow token-2' }, { flow: 'flow token-1' }],
    message: 'token-1 and token-2',
  }
  expect(JSON.parse(Buffer.from(redactedJson(file, hide)).toString())).toEqual({
    total: { outcomes: { '***': { count: 3 }, '*** (2)': { count: 4 }, '*** (3)': { count: 5 } } },
    interval: { outcomes: { '*** (2)': { count: 4 } } },
    loads: { 'flow ***': 1, 'flow *** (2)': 2 },
    flows: [{ flow: 'flow *** (2)' }, { flow: 'flow ***' }],
    message: '*** and ***',
  })
})
