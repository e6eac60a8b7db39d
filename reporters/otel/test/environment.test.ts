import { certificateFile, pemOf } from '@cloudbench/fixtures/certificates'
import { expect, onTestFinished, test, vi } from 'vitest'
import { run } from './run.ts'
import { startReceiver, type Receiver } from './servers/receiver.ts'

/** Variables for one test. */
function environment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

async function receiverOf(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  const receiver = await startReceiver(...args)
  onTestFinished(() => receiver.close())
  return receiver
}

const mutual = {
  key: pemOf('server.key'),
  cert: pemOf('server.pem'),
  ca: pemOf('authority.pem'),
  requestCert: true,
  rejectUnauthorized: true,
}

test('without a single option, the environment says where and how', async () => {
  const receiver = await receiverOf(undefined, mutual)
  environment({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/base`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hush',
    OTEL_EXPORTER_OTLP_CERTIFICATE: certificateFile('authority.pem'),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: certificateFile('client.pem'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: certificateFile('client.key'),
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    OTEL_SERVICE_NAME: 'checkout-load',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging,service.name=not-this',
  })
  const { result } = await run({})
  expect(result.errors).toEqual([])
  expect(new Set(receiver.requests.map(({ path }) => path))).toEqual(
    new Set(['/base/v1/traces', '/base/v1/metrics']),
  )
  for (const { headers } of receiver.requests)
    expect(headers).toMatchObject({ 'api-key': 'hush', 'content-encoding': 'gzip' })
  const { points, spans } = receiver.received()
  for (const { resource } of [...points, ...spans])
    expect(resource).toMatchObject({
      'service.name': 'checkout-load',
      'deployment.environment.name': 'staging',
    })
  const requests = points.find(({ name }) => name === 'cloudbench.requests')
  expect(requests!.temporality).toBe(1)
})

test('a certificate that no one vouches for is refused before the load', async () => {
  const receiver = await receiverOf(undefined, mutual)
  const refused = run({ endpoint: receiver.url })
  await expect(refused).rejects.toThrow(/takes no traces: .*certificate/)
})

test('switched off, nothing is sent, and that is said', async () => {
  const receiver = await receiverOf()
  environment({ OTEL_SDK_DISABLED: 'true' })
  const { result, text } = await run({ endpoint: receiver.url })
  expect(result.errors).toEqual([])
  expect(receiver.requests).toEqual([])
  expect(text).toContain('nothing is exported: OTEL_SDK_DISABLED')
})

test('attributes that cannot be read are not left out', async () => {
  environment({ OTEL_RESOURCE_ATTRIBUTES: 'team' })
  await expect(run({})).rejects.toThrow('OTEL_RESOURCE_ATTRIBUTES cannot be read')
})
