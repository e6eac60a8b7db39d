import { CloudbenchError } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { connectRefusal, type Explanation } from '../../src/connect/refusal.ts'

const target = {
  where: 'db.test:1',
  hostname: 'db.test',
  server: 'a server on db.test:1',
  plainScheme: 'db://',
}

function refusalOf(code: string): string {
  return connectRefusal(Object.assign(new Error('as it came'), { code }), target, ownWords).format()
}

function ownWords(message: string, code: string): Explanation | undefined {
  return code === 'DB_SAYS_NO'
    ? [`the database said: ${message}`, 'a friendlier one', 'ask again']
    : undefined
}

test.each([
  ['ECONNREFUSED', /nothing listens on db\.test:1\n {2}expected: a server on db\.test:1\n {2}next: start it/],
  ['ENOTFOUND', /the name db\.test does not resolve \(ENOTFOUND\)/],
  ['EAI_AGAIN', /the name db\.test does not resolve \(EAI_AGAIN\)/],
  ['EHOSTUNREACH', /no route to db\.test:1/],
  ['ENETUNREACH', /no route to db\.test:1/],
  ['ETIMEDOUT', /db\.test:1 does not answer: as it came[^]*connectTimeoutMs/],
  ['EMFILE', /no file descriptor left[^]*next: raise it \(`ulimit -n/],
  ['ENFILE', /no file descriptor left/],
  ['EADDRNOTAVAIL', /no local port left[^]*ip_local_port_range/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /is for another name[^]*tls\.servername/],
  ['CERT_HAS_EXPIRED', /is not valid now/],
  ['CERT_NOT_YET_VALID', /is not valid now/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /is not trusted: as it came \(DEPTH[^]*tls\.ca/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /is not trusted/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /is not trusted/],
  ['CERT_UNTRUSTED', /is not trusted/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS[^]*begin with db:\/\//],
])('%s is explained', (code, text) => {
  expect(refusalOf(code)).toMatch(text)
  expect(refusalOf(code)).toMatch(/^CB_CONNECT: .*\n {2}expected: .*\n {2}next: .*$/)
})

test('a certificate for another name: the name that was asked for and those it has', () => {
  const error = Object.assign(new Error('as it came'), {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    host: 'asked.test',
    cert: { subjectaltname: 'DNS:one.test, IP Address:10.0.0.1' },
  })
  expect(connectRefusal(error, target, ownWords).format()).toBe(
    'CB_CONNECT: the certificate of db.test:1 is for another name than asked.test: DNS:one.test, IP Address:10.0.0.1\n' +
      '  expected: a certificate for asked.test\n' +
      '  next: set tls.servername to a name in the certificate',
  )
})

test('what only a protocol can explain is left to the driver', () => {
  expect(refusalOf('DB_SAYS_NO')).toBe(
    'CB_CONNECT: the database said: as it came\n  expected: a friendlier one\n  next: ask again',
  )
})

test('an error without an explanation is passed on as it came', () => {
  expect(refusalOf('ECONNRESET')).toMatch(
    /^CB_CONNECT: no connection to db\.test:1: as it came \(ECONNRESET\)\n/,
  )
  const told = (error: unknown): string => connectRefusal(error, target, ownWords).message
  expect(told(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toMatch(
    /: read ECONNRESET$/,
  )
  expect(told(new Error('no code'))).toBe('no connection to db.test:1: no code')
  expect(told(undefined)).toBe('no connection to db.test:1: undefined')
})

test('an error that says it all already is returned as it is', () => {
  const error = new CloudbenchError({ code: 'CB_TARGET', what: 'no' })
  expect(connectRefusal(error, target, ownWords)).toBe(error)
})
