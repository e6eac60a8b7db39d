import { expect, test } from 'vitest'
import { scram } from '../../src/postgres/scram.ts'

/** The dialogue of RFC 7677, with the empty name that PostgreSQL is sent. */
const nonce = 'rOprNGfwEbeRWgbNEkqO'
const challenge = `r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`

test('the answer is the same every time for the same words, and depends on the password', () => {
  const answer = scram('pencil', nonce).answer(challenge)
  expect(answer).toMatch(/^c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj\)hNlF\$k0,p=[\w+/]{43}=$/)
  expect(scram('pencil', nonce).answer(challenge)).toBe(answer)
  expect(scram('pen', nonce).answer(challenge)).not.toBe(answer)
})

test.each([
  ['of another client', challenge.replace('r=', 'r=x')],
  ['that would keep the client busy', challenge.replace('i=4096', 'i=999999999')],
  ['without rounds', challenge.replace('i=4096', 'i=0')],
  ['that is none', 'e=other-error'],
])('a challenge %s is not answered', (_, text) => {
  expect(scram('pencil', nonce).answer(text)).toBeUndefined()
})

test('a server proves nothing before it was answered, and nothing with a wrong proof', () => {
  const dialogue = scram('pencil', nonce)
  expect(dialogue.accepts('v=')).toBe(false)
  dialogue.answer(challenge)
  expect(dialogue.accepts('v=bm8=')).toBe(false)
  expect(dialogue.accepts('')).toBe(false)
})
