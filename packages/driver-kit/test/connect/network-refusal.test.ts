import { expect, test } from 'vitest'
import { networkRefusal } from '../../src/connect/network-refusal.ts'

const target = {
  where: 'db.test:1',
  hostname: 'db.test',
  server: 'a server on db.test:1',
  plainScheme: 'db://',
}

function refusalOf(code: string): string | undefined {
  return networkRefusal(Object.assign(new Error('as it came'), { code }), target)?.format()
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

test('what only a protocol can explain is left to the driver', () => {
  expect(refusalOf('ECONNRESET')).toBeUndefined()
  expect(networkRefusal(new Error('no code'), target)).toBeUndefined()
  expect(networkRefusal(undefined, target)).toBeUndefined()
})
