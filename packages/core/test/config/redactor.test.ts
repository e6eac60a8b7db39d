import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor, isSecretKey, redactUrls } from '../../src/config/redactor.ts'

describe('redaction', () => {
  it.each([
    ['redis://u:pw@h:6379/0', 'redis://u:***@h:6379/0'],
    ['redis://:p%40ss@h', 'redis://:***@h'],
    ['a postgres://u:p@ss@h/db and amqp://x:y@z.', 'a postgres://u:***@h/db and amqp://x:***@z.'],
    [`http://u:it's"odd@h`, 'http://u:***@h'],
    ['http://h:80/a:b@c', 'http://h:80/a:b@c'],
    ['redis://:${env:PW}@h', 'redis://:${env:PW}@h'],
    ['redis://:x${env:PW}@h', 'redis://:***@h'],
    ['http://h/?a=1&password=pw&b=2', 'http://h/?a=1&password=***&b=2'],
    ['http://u@h', 'http://u@h'],
    ['http://u:@h', 'http://u:@h'],
  ])('of %s is %s', (text, redacted) => {
    expect(redactUrls(text)).toBe(redacted)
  })

  it('takes no time over hostile text', () => {
    const text = `http://a:${'${x}'.repeat(5000)}`
    expect(redactUrls(text)).toBe(text)
  })

  it('leaves no secret in any text, however it is written', () => {
    const secret = fc
      .string({ minLength: 4 })
      .filter((text) => !text.includes('*') && !/^[\d.]{1,7}$|^(true|false|null|none|auto)$/i.test(text))
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (word, before, after) => {
        const redactor = createRedactor()
        redactor.remember(word)
        expect(redactor.redact(before + word + after)).not.toContain(word)
        const json = JSON.stringify({ before, word, after })
        expect(redactor.redact(json)).not.toContain(JSON.stringify(word).slice(1, -1))
        expect(redactor.redact(`?x=${encodeURIComponent(word)}`)).toContain('***')
      }),
    )
  })

  it('leaves text without secrets as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('://') && !/[?&]/.test(text)),
        (text) => {
          const redactor = createRedactor()
          redactor.remember('\u0000never\u0000')
          expect(redactor.redact(text)).toBe(text)
        },
      ),
    )
  })

  it('replaces the whole of a secret that contains another', () => {
    const redactor = createRedactor()
    for (const secret of ['abcd', 'abcdefgh']) redactor.remember(secret)
    expect(redactor.redact('abcdefgh abcd')).toBe('*** ***')
  })

  it('replaces short secrets and numbers only where a value would be', () => {
    const redactor = createRedactor()
    for (const secret of ['abc', '5000', 'true']) redactor.remember(secret)
    expect(redactor.redact('{"requests":5000,"ok":true,"abc":1,"pw":"abc"} of abc')).toBe(
      '{"requests":5000,"ok":true,"***":1,"pw":"***"} of abc',
    )
    expect(redactor.redact('pw=5000&x redis://u:abc@h')).toBe('pw=***&x redis://u:***@h')
    expect(redactor.redact('abc')).toBe('***')
  })

  it('remembers passwords in URLs in both spellings', () => {
    const redactor = createRedactor()
    redactor.rememberUrls('redis://u:p%40ssword@h')
    expect(redactor.redact('p%40ssword or p@ssword')).toBe('*** or ***')
    redactor.rememberUrls('redis://u:%zz-broken@h')
    expect(redactor.redact('%zz-broken')).toBe('***')
  })

  it('recognises the names of secrets', () => {
    const telling = [
      'password',
      'sslPassword',
      'PASS_PHRASE'.replace('_', ''),
      'authToken',
      'api-key',
      'privateKey',
      'authorization',
    ]
    expect(telling.filter((key) => !isSecretKey(key))).toEqual([])
    expect(['key', 'keySpace', 'user', 'tokens', 'keepAlive'].filter(isSecretKey)).toEqual([])
  })
})
