import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/config/redactor.ts'
import { isSecretHeader, isSecretKey } from '../../src/config/secret-key.ts'
import { redactText, redactValue } from '../../src/config/secret-text.ts'

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
    // a token, or a password without a user
    ['https://ghp_16C7e42F292c6912E7@h/x', 'https://***@h/x'],
    ['http://u:@h', 'http://***:@h'],
    ['https://ghp_16C7e42F292c6912E7:x-oauth-basic@h', 'https://***:***@h'],
    ['redis://pw@h', 'redis://***@h'],
    ['postgres://app@h/db', 'postgres://app@h/db'],
    // people do not encode these by hand
    ['redis://:a b@h:6379', 'redis://:***@h:6379'],
    ['redis://:a/b?c#d@e@h:6379/1', 'redis://:***@h:6379/1'],
    ['redis://u:12/34@h', 'redis://u:***@h'],
    ['http://u:#x@h/p', 'http://u:***@h/p'],
    ['http://u:/x@h/p', 'http://u:***@h/p'],
    ['http://u:a/b@h/p', 'http://u:***@h/p'],
    ['http://u:p@ss w/o@h/p', 'http://u:***@h/p'],
    ['http:u:pw@h', 'http:u:***@h'],
    ['kafka://u:a?b#c d@h1:9092,h2:9092', 'kafka://u:***@h1:9092,h2:9092'],
    ['kafka://h1:9092,h2:9092', 'kafka://h1:9092,h2:9092'],
    ['postgres://u:p w@h1:5432,h2:5433/db', 'postgres://u:***@h1:5432,h2:5433/db'],
    ['postgres:///db?host=/run&password=p@ss#w', 'postgres:///db?host=/run&password=***'],
    [
      'postgres://h/db?user=u&password=p@ss&sslmode=require',
      'postgres://h/db?user=u&password=***&sslmode=require',
    ],
    ['unix://:pw@/run/redis.sock', 'unix://:***@/run/redis.sock'],
    ['redis+unix://u:p/w@/run/redis.sock?db=1', 'redis+unix://u:***@/run/redis.sock?db=1'],
    ['http://[::1]:80/@scope/a:b', 'http://[::1]:80/@scope/a:b'],
    [
      'http://h/?sig=a%2Fb&se=1&key=k&X-Amz-Signature=ff',
      'http://h/?sig=***&se=1&key=***&X-Amz-Signature=***',
    ],
    ['http://h/?access_token=a&token=b&id=${uuid}', 'http://h/?access_token=***&token=***&id=${uuid}'],
    ['http://h/?key=${index}', 'http://h/?key=${index}'],
    ['redis://:${env:PW:-a/b@c}@h', 'redis://:${env:PW:-***}@h'],
    ["host=h password='it''s a' user=u", "host=h password='***' user=u"],
    [String.raw`password = 'a\'b c' sslmode=x`, "password = '***' sslmode=x"],
    [
      'sasl.jaas.config=x.PlainLoginModule required password="p w";',
      'sasl.jaas.config=x.PlainLoginModule required password="***";',
    ],
    ['sasl.password=abc', 'sasl.password=***'],
  ])('of %s is %s', (text, redacted) => {
    expect(redactValue(text)).toBe(redacted)
    // and again, wherever it has been before
    expect(redactValue(redacted)).toBe(redacted)
  })

  it.each([
    ['connect to redis://:a/b@h:6379 failed', 'connect to redis://:***@h:6379 failed'],
    [`{"url":"redis://h","to":"a@b"}`, `{"url":"redis://h","to":"a@b"}`],
    [`{"url":"redis://:p'w@h","a":"http://u:pw@i"}`, `{"url":"redis://:***@h","a":"http://u:***@i"}`],
    ['GET /a?api_key=abc&x=1 HTTP/1.1', 'GET /a?api_key=***&x=1 HTTP/1.1'],
    ['authorization: Bearer abc.def-1', 'authorization: Bearer ***'],
    ['sent Basic dXNlcjpwdw== and failed', 'sent Basic *** and failed'],
    [
      'Basic authentication is off, Bearer authentication on',
      'Basic authentication is off, Bearer authentication on',
    ],
    ['Cookie: sid=abc; theme=dark', 'Cookie: ***'],
    ['x-api-key: 12ab', 'x-api-key: ***'],
    [`{ password: 'p w', user: 'u', "token":"t" }`, `{ password: '***', user: 'u', "token":"***" }`],
    ['options.token: expected a string', 'options.token: expected a string'],
    [
      'a -----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- b',
      'a -----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY----- b',
    ],
    ['key=5, keys: 3, id=a@b, 10:30, at h:80', 'key=5, keys: 3, id=a@b, 10:30, at h:80'],
  ])('inside a text: %s', (text, redacted) => {
    expect(redactText(text)).toBe(redacted)
  })

  it('takes no time over hostile text', () => {
    const text = `http://a:${'${x}'.repeat(5000)}`
    for (const hostile of [
      text,
      'http://'.repeat(5_000),
      'a="'.repeat(5_000),
      'a'.repeat(50_000),
      `redis://${':'.repeat(50_000)}`,
    ])
      expect(redactValue(hostile).length).toBe(hostile.length)
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

  it('finds secrets that are as long as the body of a request', () => {
    const redactor = createRedactor()
    const long = 'line "of" a text\n'.repeat(50_000)
    for (const secret of [long, 'k3y='.repeat(4_000)]) redactor.remember(secret)
    expect(redactor.redact(`sent ${long}, ${JSON.stringify({ long })}`)).toBe('sent ***, {"long":"***"}')
    expect(redactor.redact(`key ${'k3y='.repeat(4_000)}!`)).toBe('key ***!')
    expect(redactor.redact('line "of" a text')).toBe('line "of" a text')
  })

  it('replaces the whole of a secret that contains another', () => {
    const redactor = createRedactor()
    for (const secret of ['abcd', 'abcdefgh']) redactor.remember(secret)
    expect(redactor.redact('abcdefgh abcd')).toBe('*** ***')
  })

  it('hides short secrets, numbers and words of the configuration at their place only', () => {
    const redactor = createRedactor()
    redactor.spare('redis')
    for (const secret of ['a', 'abc', '5000', 'true', 'redis']) redactor.remember(secret)
    const report = '{"requests":5000,"ok":true,"abc":1,"name":"a","driver":"redis"} of abc'
    expect(redactor.redact(report)).toBe(report)
    expect(redactor.redact('password=5000 redis://u:abc@h {"token":"a"} cannot reach :redis@h')).toBe(
      'password=*** redis://u:***@h {"token":"***"} cannot reach :***@h',
    )
  })

  it('knows what a server is sent to log in', () => {
    const redactor = createRedactor()
    redactor.rememberUrls('http://us%65r:p%40ss@h')
    redactor.rememberLogin('bench', 'S3cret')
    for (const text of ['user:p@ss', '\0user\0p@ss', 'bench:S3cret', '\0bench\0S3cret']) {
      const base64 = Buffer.from(text).toString('base64')
      expect(redactor.redact(`sent ${base64}`)).toMatch(/^sent \*\*\*=*$/)
    }
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
    const headers = [
      'cookie',
      'set-cookie',
      'x-api-key',
      'subscription-key',
      'x-hub-signature-256',
      'x-auth',
      'sig',
    ]
    expect(headers.filter((name) => !isSecretHeader(name))).toEqual([])
    expect(['accept', 'content-type', 'keep-alive', 'x-signed-by', 'monkey'].filter(isSecretHeader)).toEqual(
      [],
    )
  })
})

it('hides a secret of megabytes, which no expression can hold, and a shorter one in the rest', () => {
  const body = '<&"> body '.repeat(200_000)
  const redactor = createRedactor()
  redactor.remember(body)
  redactor.remember('hunter2secret')
  for (const form of [body, JSON.stringify(body).slice(1, -1), encodeURIComponent(body)])
    expect(redactor.redact(`a ${form} b hunter2secret`)).toBe('a *** b ***')
})
