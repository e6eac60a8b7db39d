import { certificateFile, pemOf } from '@cloudbench/fixtures/certificates'
import { expect, test } from 'vitest'
import { serverNameOf, sharedTls } from '../../src/index.ts'
import { contextOf } from '../support.ts'

test('certificates are read once for all connections, from text or from a file', async () => {
  const context = contextOf({ tls: { ca: certificateFile('authority.pem'), servername: 'db.test' } })
  const first = await sharedTls(context)
  expect(first).toMatchObject({ rejectUnauthorized: true, servername: 'db.test' })
  expect(await sharedTls(context)).toBe(first)
  expect(await sharedTls({ ...context, options: { tls: { ca: pemOf('authority.pem') } } })).not.toBe(first)
})

test('without the option, the usual authorities are trusted', async () => {
  const options = await sharedTls(contextOf({}))
  expect(options).toEqual({ secureContext: expect.anything() as unknown, rejectUnauthorized: true })
})

test('that nothing is verified is said once', async () => {
  const context = contextOf({ tls: { rejectUnauthorized: false } })
  expect(await sharedTls(context)).toMatchObject({ rejectUnauthorized: false })
  await sharedTls(context)
  expect(context.warnings).toEqual(['certificates are not verified (tls.rejectUnauthorized is false)'])
})

test.each([
  [{ ca: '/nonexistent/ca.pem' }, /tls\.ca cannot be read: ENOENT[^]*next: correct tls\.ca/],
  [{ ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' }, /cannot be used[^]*openssl x509/],
])('%# what cannot be used is refused without repeating it', async (tls, message) => {
  const refused = sharedTls(contextOf({ tls })).catch((error: { format(): string }) => error.format())
  expect(await refused).toMatch(message)
})

test('the name to ask for is the option, else the host, and none for an address', () => {
  expect(serverNameOf('db.test', { servername: 'other.test' })).toBe('other.test')
  expect(serverNameOf('db.test')).toBe('db.test')
  expect(serverNameOf('127.0.0.1')).toBeUndefined()
  expect(serverNameOf('::1')).toBeUndefined()
})

test('an option that needs no loading goes to node:tls as it is', async () => {
  const options = { tls: { minVersion: 'TLSv9' } as object }
  await expect(sharedTls(contextOf(options))).rejects.toThrow(/"TLSv9" is not a valid minimum TLS protocol/)
})
