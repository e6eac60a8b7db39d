import { validateHeaderName, validateHeaderValue } from 'node:http'
import { CloudbenchError } from '@cloudbench/core'
import { readNamedFile } from '@cloudbench/driver-kit'
import { parseKeyPairsIntoRecord } from '@opentelemetry/core'
import { Environment } from './environment.ts'
import {
  compressions,
  longestTimeoutMs,
  protocols,
  signals,
  temporalities,
  type Options,
  type Signal,
} from './options.ts'

/** How one signal is sent. */
export interface Settings {
  readonly signal: Signal
  readonly url: string
  readonly protocol: (typeof protocols)[number]
  readonly compression: (typeof compressions)[number]
  readonly temporality: (typeof temporalities)[number]
  readonly timeoutMs: number
  readonly headers: Readonly<Record<string, string>>
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }
}

const defaultEndpoint = 'http://localhost:4318'
const certificateLimitBytes = 1e6

/** Of every signal that is to be sent. @throws CloudbenchError for what the options or the environment say wrongly. */
export function settingsOf(options: Options, env: NodeJS.ProcessEnv): readonly Settings[] {
  const environment = new Environment(env)
  if (environment.isTrue('OTEL_SDK_DISABLED')) return []
  const wanted = options.signals ?? signals.filter((signal) => isExported(signal, environment))
  return [...new Set(wanted)].map((signal) => settingsFor(signal, options, environment))
}

function isExported(signal: Signal, environment: Environment): boolean {
  const name = `OTEL_${signal.toUpperCase()}_EXPORTER`
  const value = environment.get(name) ?? 'otlp'
  const exporters = value.split(',').map((exporter) => exporter.trim())
  if (exporters.includes('otlp')) return true
  if (exporters.every((exporter) => exporter === 'none')) return false
  throw environment.refusal(name, 'otlp or none', "set the reporter's option `signals`, which goes before it")
}

function settingsFor(signal: Signal, options: Options, environment: Environment): Settings {
  const { name: protocolName, value: protocol } = environment.ofSignal(signal, 'PROTOCOL')
  if (options.protocol === undefined && protocol === 'grpc')
    throw environment.refusal(
      protocolName,
      protocols.join(' or '),
      "set the reporter's option `protocol`, and an endpoint that takes OTLP over HTTP, usually at port 4318",
    )
  const temporalityName = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'
  return {
    signal,
    url: urlOf(signal, options, environment),
    protocol: options.protocol ?? environment.oneOf(protocols, protocolName) ?? 'http/protobuf',
    compression:
      options.compression ??
      environment.oneOf(compressions, environment.ofSignal(signal, 'COMPRESSION').name) ??
      'none',
    temporality: options.temporality ?? environment.oneOf(temporalities, temporalityName) ?? 'cumulative',
    timeoutMs: Math.min(options.timeout ?? timeoutOf(signal, environment), longestTimeoutMs),
    headers: headersOf(signal, options, environment),
    tls: tlsOf(signal, environment),
  }
}

function urlOf(signal: Signal, { endpoint }: Options, environment: Environment): string {
  const own = environment.ofSignal(signal, 'ENDPOINT')
  // that of a signal is taken as it is
  if (endpoint === undefined && own.value !== undefined && own.isOwn) return environment.url(own.name)
  const base = endpoint ?? (own.value === undefined ? defaultEndpoint : environment.url(own.name))
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`
  return url.href
}

function timeoutOf(signal: Signal, environment: Environment): number {
  const { name, value } = environment.ofSignal(signal, 'TIMEOUT')
  if (value === undefined) return 10_000
  if (/^\d+$/.test(value) && Number(value) > 0) return Number(value)
  throw environment.refusal(name, 'milliseconds, such as 10000')
}

/** Those of the signal go before those of all signals, and the options before both. */
function headersOf(signal: Signal, options: Options, environment: Environment): Record<string, string> {
  const general = environment.get('OTEL_EXPORTER_OTLP_HEADERS')
  const own = environment.get(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`)
  const headers = {
    ...parseKeyPairsIntoRecord(general),
    ...parseKeyPairsIntoRecord(own),
    ...options.headers,
  }
  for (const [name, value] of Object.entries(headers))
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch {
      // the message of node would have the value in it
      throw new CloudbenchError({
        code: 'CB_PLUGIN_OPTIONS',
        what: `header ${JSON.stringify(name)} for ${signal} cannot be sent over HTTP`,
        expected: 'a name of letters, digits and dashes, and a value of one line of ASCII',
        next: "correct the reporter's option `headers`, or OTEL_EXPORTER_OTLP_HEADERS",
      })
    }

  return headers
}

function tlsOf(signal: Signal, environment: Environment): Settings['tls'] {
  const read = (what: string): Buffer | undefined => {
    const { name, value } = environment.ofSignal(signal, what)
    if (value === undefined) return undefined
    return readNamedFile({
      option: name,
      path: value,
      folder: process.cwd(),
      limitBytes: certificateLimitBytes,
      expected: 'a file in PEM format',
    })
  }
  const ca = read('CERTIFICATE')
  const cert = read('CLIENT_CERTIFICATE')
  const key = read('CLIENT_KEY')
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}
