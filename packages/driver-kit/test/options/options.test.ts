import { z } from '@cloudbench/schema'
import { expect, test } from 'vitest'
import { count, options, tls } from '../../src/index.ts'

const schema = options({
  keys: count().default(10),
  expect: options({ status: z.string() }).optional(),
  tls: tls('db+tls://'),
})

function refusal(written: unknown): string[] {
  return schema.safeParse(written).error!.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('an unknown option is refused with the one that was meant', () => {
  expect(schema.parse({})).toEqual({ keys: 10 })
  expect(refusal({ kesy: 1 })).toEqual([': unknown option "kesy"; did you mean keys?'])
  expect(refusal({ colour: 1 })[0]).toMatch(/^: unknown option "colour"; .*expect, keys, tls$/)
  expect(refusal({ expect: { status: 'OK', stauts: 1 } })).toEqual([
    'expect: unknown option "stauts"; did you mean status?',
  ])
})

test('other mistakes are refused in the words of zod', () => {
  expect(refusal({ expect: { status: 5 } })).toEqual([
    'expect.status: Invalid input: expected string, received number',
  ])
})

test('cert and key belong together, and certificates are verified by default', () => {
  expect(schema.parse({ tls: {} })).toEqual({ keys: 10, tls: { rejectUnauthorized: true } })
  expect(refusal({ tls: { cert: 'a.pem' } })).toEqual(['tls: cert and key belong together'])
  expect(schema.shape.tls.description).toBe('TLS, for targets that begin with db+tls://')
})
