import type { CloudbenchError } from '@cloudbench/core'
import { certificateFile } from '@cloudbench/fixtures/certificates'
import { openFlow, type Flow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { user, withoutKafka } from '../servers/kafka.ts'
import { lanes } from '../servers/lanes.ts'
import { sharedKafka } from '../servers/shared.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  const broker = sharedKafka()
  const access = (url: string, options: Record<string, unknown>): Flow =>
    // a broker on a busy machine takes its time
    openFlow(driver, url, { topic: 'access', connectTimeoutMs: '1m', ...options })

  const as = (username: string, password: string): string =>
    broker.saslUrl.replace('//', `//${username}:${password}@`)

  async function refusal(url: string, options: Record<string, unknown> = {}): Promise<CloudbenchError> {
    return await access(url, options)
      .prepare()
      .then(
        () => {
          throw new Error('the connection was opened')
        },
        (error: CloudbenchError) => error,
      )
  }

  async function isUsable(url: string, options: Record<string, unknown>): Promise<void> {
    for (const client of lanes) {
      const flow = access(url, { client, ...options, ...(client !== 'wire' && { batchesInFlight: 1 }) })
      const { prepare, open, audit, cleanup, sendAll, countOf } = flow
      await prepare()
      expect(countOf(await sendAll(await open(), 100))).toEqual({ stored: 100 })
      for (const finding of await audit()) expect(finding).toMatchObject({ status: 'passed' })
      await cleanup()
    }
  }

  test.each(['plain', 'scram-sha-256'])(
    'SASL %s accepts the password, and rejects a wrong one',
    async (sasl) => {
      await isUsable(as(user.username, user.password), { sasl })
      const error = await refusal(as(user.username, 'wr0ng'), { sasl })
      expect(error).toMatchObject({
        code: 'CB_CONNECT',
        message: expect.stringContaining('rejected the credentials') as string,
        next: expect.stringContaining('${env:KAFKA_PASSWORD}') as string,
      })
      expect(JSON.stringify([error.format(), error.cause, String(error.stack)])).not.toContain('wr0ng')
    },
  )

  test('a SASL mechanism that the listener does not have', async () => {
    const error = await refusal(as(user.username, user.password), { sasl: 'scram-sha-512' })
    expect(error.message).toContain('does not accept this kind of authentication')
    expect(error.next).toContain('options.sasl')
  })

  test('a password that is missing, and one that is not wanted', async () => {
    expect(await refusal(broker.saslUrl)).toMatchObject({
      message: expect.stringContaining('closes the connection') as string,
      next: expect.stringContaining('put user and password into the url') as string,
    })
    const other = broker.url.replace('//', `//${user.username}:${user.password}@`)
    expect((await refusal(other)).message).toMatch(/authentication|closes the connection/)
  })

  test('TLS: a certificate is trusted through its authority only', async () => {
    await isUsable(broker.tlsUrl, { tls: { ca: certificateFile('authority.pem') } })
    expect(await refusal(broker.tlsUrl)).toMatchObject({
      code: 'CB_CONNECT',
      message: expect.stringMatching(/the certificate of localhost:\d+ is not trusted/) as string,
      next: expect.stringContaining('set tls.ca') as string,
    })
    const wrongName = { ca: certificateFile('authority.pem'), servername: 'other.test' }
    expect((await refusal(broker.tlsUrl, { tls: wrongName })).message).toContain('is for another name')
  })

  test('verification can be turned off, which logs a warning', async () => {
    const { prepare, warnings, cleanup } = access(broker.tlsUrl, { tls: { rejectUnauthorized: false } })
    await prepare()
    expect(new Set(warnings)).toEqual(
      new Set(['certificates are not verified (tls.rejectUnauthorized is false)']),
    )
    await cleanup()
  })

  test('TLS on a listener without it, and none on one with it', async () => {
    const plain = broker.url.replace('kafka:', 'kafkas:')
    expect((await refusal(plain)).message).toMatch(/does not speak TLS|closes/)
    const secure = broker.tlsUrl.replace('kafkas:', 'kafka:')
    expect(await refusal(secure)).toMatchObject({
      message: expect.stringContaining('speaks TLS') as string,
      next: expect.stringContaining('kafkas://') as string,
    })
  })
})
