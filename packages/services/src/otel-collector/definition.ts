import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildGo } from '../build-go.ts'
import type { Place, ServiceDefinition } from '../definition.ts'
import { probeOtlp } from './probe.ts'

const version = '0.158.0'
const httpPort = 4318
const grpcPort = 4317

/** Of the folder that the collector runs in. */
const configFile = 'otel-collector.json'
/** What it was given, a line of OTLP JSON per request. */
export const receivedFile = 'received.jsonl'

/** A Collector that takes OTLP, prints what it gets, and keeps it in a file. */
export const otelCollector: ServiceDefinition = {
  defaultPort: httpPort,
  url: (port) => `http://127.0.0.1:${port}`,
  probe: probeOtlp,
  local: {
    binaries: ['otelcol', 'otelcol-contrib', 'go'],
    prepare,
    args: () => ['--config', configFile],
    install:
      'install Go (https://go.dev/doc/install), or otelcol (https://opentelemetry.io/docs/collector/install)',
  },
  compose: (port) => ({
    image: `otel/opentelemetry-collector:${version}`,
    command: ['--config', `yaml:${JSON.stringify(configOf('0.0.0.0', httpPort, { debug }))}`],
    ports: [
      `127.0.0.1:${port}:${httpPort}`,
      ...(port === httpPort ? [`127.0.0.1:${grpcPort}:${grpcPort}`] : []),
    ],
    tmpfs: [],
  }),
}

/** Our own program, where no collector is installed. */
async function prepare({ port, folder, file, env, mayFetch }: Place): Promise<string | void> {
  const exporters = { debug, file: { path: receivedFile, rotation: { max_megabytes: 100, max_backups: 1 } } }
  await writeFile(join(folder, configFile), JSON.stringify(configOf('127.0.0.1', port, exporters)))
  if (basename(file) !== 'go') return undefined
  const sources = fileURLToPath(new URL('../../go/otel-collector', import.meta.url))
  return await buildGo({ go: file, sources, program: join(folder, 'otel-collector'), env, mayFetch })
}

const debug = { verbosity: 'normal' }

/** JSON is YAML. gRPC has a usual port too, but only one collector can have it. */
function configOf(host: string, port: number, exporters: object): object {
  const pipeline = { receivers: ['otlp'], exporters: Object.keys(exporters) }
  const protocols = {
    http: { endpoint: `${host}:${port}` },
    ...(port === httpPort && { grpc: { endpoint: `${host}:${grpcPort}` } }),
  }
  return {
    receivers: { otlp: { protocols } },
    exporters,
    service: {
      // of its own it would open another port
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: pipeline, metrics: pipeline, logs: pipeline },
    },
  }
}
