import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '@cloudbench/fixtures/free-port'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { received, type Received } from '../received.ts'

const sources = fileURLToPath(new URL('../../../../packages/services/go/otel-collector', import.meta.url))
const run = promisify(execFile)
const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('otel-collector')

/** Where Go usually is when it is not on the PATH. */
const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/local/go/bin`, GOFLAGS: '-buildvcs=false' }
/** The first build downloads and compiles every module. */
const buildMs = 300_000

/** Tests against a real Collector are skipped without Go, unless the environment requires them. */
export const withoutCollector =
  !required &&
  (await run('go', ['version'], { env }).then(
    () => false,
    () => true,
  ))

export interface Collector {
  readonly url: string
  /** Ends it, and returns what it had taken. */
  stop(): Promise<Received>
}

/** Builds the Collector from source, once for the tests of a `describe`; returns how to start one. */
export function useCollector(): () => Promise<Collector> {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cloudbench-collector-'))
    await run('go', ['build', '-trimpath', '-o', join(folder, 'otel-collector'), '.'], { cwd: sources, env })
  }, buildMs)
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return () => start(join(folder, 'otel-collector'))
}

async function start(program: string): Promise<Collector> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-collector-'))
  const port = await freePort()
  const file = join(folder, 'received.jsonl')
  const pipeline = { receivers: ['otlp'], exporters: ['file'] }
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { file: { path: file } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: pipeline, metrics: pipeline },
    },
  }
  await writeFile(file, '')
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const server = spawn(program, ['--config', 'config.json'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(server, 'exit')
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  })
  const log: string[] = []
  server.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text))
  while (!log.join('').includes('Everything is ready')) {
    if (server.exitCode !== null) throw new Error(`the collector ended: ${log.join('')}`)
    await sleep(20)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      // it writes what it still has
      server.kill('SIGTERM')
      await ended
      const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
      return received(lines.map((line) => JSON.parse(line) as unknown))
    },
  }
}
