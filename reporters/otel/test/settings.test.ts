import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudbenchError } from '@cloudbench/core'
import { expect, onTestFinished, test } from 'vitest'
import { options } from '../src/options.ts'
import { settingsOf, type Settings } from '../src/settings.ts'

function settings(given: object, env: NodeJS.ProcessEnv): Readonly<Record<string, Settings>> {
  return Object.fromEntries(settingsOf(options.parse(given), env).map((own) => [own.signal, own]))
}

function refusal(given: object, env: NodeJS.ProcessEnv): string {
  try {
    settings(given, env)
  } catch (error) {
    if (error instanceof CloudbenchError) return error.format()
    throw error
  }
  throw new Error('it is accepted')
}

const prefix = 'OTEL_EXPORTER_OTLP_'

test('without anything, both signals go to the usual port', () => {
  const common = {
    protocol: 'http/protobuf',
    compression: 'none',
    temporality: 'cumulative',
    timeoutMs: 10_000,
    headers: {},
    tls: {},
  }
  expect(settings({}, {})).toEqual({
    traces: { signal: 'traces', url: 'http://localhost:4318/v1/traces', ...common },
    metrics: { signal: 'metrics', url: 'http://localhost:4318/v1/metrics', ...common },
  })
})

test('the environment is honoured, that of a signal first, and what is empty is unset', () => {
  const { traces, metrics } = settings(
    {},
    {
      [`${prefix}ENDPOINT`]: 'https://all.example/otlp/',
      [`${prefix}TRACES_ENDPOINT`]: 'https://traces.example/own',
      [`${prefix}METRICS_ENDPOINT`]: ' ',
      [`${prefix}PROTOCOL`]: 'http/json',
      [`${prefix}METRICS_PROTOCOL`]: 'http/protobuf',
      [`${prefix}COMPRESSION`]: 'gzip',
      [`${prefix}TRACES_COMPRESSION`]: 'none',
      [`${prefix}TIMEOUT`]: '5000',
      [`${prefix}METRICS_TIMEOUT`]: '1500',
      [`${prefix}HEADERS`]: 'api-key=a%20b,team=x',
      [`${prefix}TRACES_HEADERS`]: 'team=y',
      [`${prefix}METRICS_TEMPORALITY_PREFERENCE`]: 'LowMemory',
    },
  )
  expect(traces).toMatchObject({
    url: 'https://traces.example/own',
    protocol: 'http/json',
    compression: 'none',
    timeoutMs: 5_000,
    headers: { 'api-key': 'a b', team: 'y' },
  })
  expect(metrics).toMatchObject({
    url: 'https://all.example/otlp/v1/metrics',
    protocol: 'http/protobuf',
    compression: 'gzip',
    timeoutMs: 1_500,
    headers: { 'api-key': 'a b', team: 'x' },
    temporality: 'lowmemory',
  })
})

test('options go before the environment', () => {
  const { traces } = settings(
    {
      endpoint: 'http://127.0.0.1:1234/base?tenant=1',
      headers: { team: 'z' },
      protocol: 'http/json',
      compression: 'none',
      timeout: '2s',
      signals: ['traces'],
    },
    {
      [`${prefix}TRACES_ENDPOINT`]: 'https://traces.example/own',
      [`${prefix}PROTOCOL`]: 'grpc',
      [`${prefix}COMPRESSION`]: 'gzip',
      [`${prefix}TIMEOUT`]: '5000',
      [`${prefix}HEADERS`]: 'team=x',
      OTEL_TRACES_EXPORTER: 'none',
    },
  )
  expect(traces).toMatchObject({
    url: 'http://127.0.0.1:1234/base/v1/traces?tenant=1',
    protocol: 'http/json',
    compression: 'none',
    timeoutMs: 2_000,
    headers: { team: 'z' },
  })
})

test.for([
  [{}, ['traces', 'metrics']],
  [{ OTEL_SDK_DISABLED: 'TRUE' }, []],
  [{ OTEL_TRACES_EXPORTER: 'none' }, ['metrics']],
  [{ OTEL_METRICS_EXPORTER: 'console, otlp', OTEL_TRACES_EXPORTER: 'none' }, ['metrics']],
] as const)('which signals are sent: %j', ([env, expected]) => {
  expect(Object.keys(settings({}, env))).toEqual(expected)
})

test('a timeout that a run would not wait for is shortened', () => {
  expect(settings({}, { [`${prefix}TIMEOUT`]: '60000' })['traces']!.timeoutMs).toBe(20_000)
})

test.for([
  [`${prefix}PROTOCOL`, 'grpc', /expected: http\/protobuf or http\/json\n {2}next: .*`protocol`.*4318/],
  [`${prefix}TRACES_PROTOCOL`, 'grpc', /OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is "grpc"/],
  [`${prefix}PROTOCOL`, 'smoke', /expected: http\/protobuf or http\/json/],
  [`${prefix}ENDPOINT`, 'localhost:4318', /OTEL_EXPORTER_OTLP_ENDPOINT is no url of HTTP/],
  [`${prefix}METRICS_ENDPOINT`, 'nowhere', /OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is no url of HTTP/],
  [`${prefix}COMPRESSION`, 'zstd', /is "zstd"\n {2}expected: gzip or none/],
  [`${prefix}TIMEOUT`, '5s', /is "5s"\n {2}expected: milliseconds/],
  [`${prefix}TIMEOUT`, '0', /expected: milliseconds/],
  [`${prefix}METRICS_TEMPORALITY_PREFERENCE`, 'x', /expected: cumulative or delta or lowmemory/],
  [`${prefix}CERTIFICATE`, '/no/such/file', /\/no\/such\/file .*CERTIFICATE.* cannot be read: ENOENT/],
  [
    'OTEL_METRICS_EXPORTER',
    'prometheus',
    /is "prometheus"\n {2}expected: otlp or none\n {2}next: .*`signals`/,
  ],
] as const)('%s=%s is refused', ([name, value, message]) => {
  expect(refusal({}, { [name]: value })).toMatch(message)
})

test('a header that cannot be sent is refused by name, without its value', () => {
  const said = refusal({}, { [`${prefix}HEADERS`]: 'api-key=a%0Ahush' })
  expect(said).toContain('header "api-key" for traces cannot be sent')
  expect(said).not.toContain('hush')
})

test('certificates are read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-otel-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = async (name: string): Promise<string> => {
    await writeFile(join(folder, name), name)
    return join(folder, name)
  }
  const { traces, metrics } = settings(
    {},
    {
      [`${prefix}CERTIFICATE`]: await file('ca'),
      [`${prefix}METRICS_CERTIFICATE`]: await file('other'),
      [`${prefix}CLIENT_CERTIFICATE`]: await file('cert'),
      [`${prefix}CLIENT_KEY`]: await file('key'),
    },
  )
  const [ca, other, cert, key] = ['ca', 'other', 'cert', 'key'].map((text) => Buffer.from(text))
  expect(traces!.tls).toEqual({ ca, cert, key })
  expect(metrics!.tls).toEqual({ ca: other, cert, key })
})
