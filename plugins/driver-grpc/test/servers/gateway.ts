import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const sources = fileURLToPath(new URL('../../../../packages/services/go/grpc-gateway', import.meta.url))
const run = promisify(execFile)

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('grpc-gateway')

/** Where Go usually is when it is not on the PATH. */
const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/local/go/bin`, GOFLAGS: '-buildvcs=false' }

/** Tests against a real grpc-gateway are skipped without Go, unless the environment requires them. */
export const withoutGateway =
  !required &&
  (await run('go', ['version'], { env }).then(
    () => false,
    () => true,
  ))

export interface Gateway {
  /** A gRPC server and its gateway, on one port. */
  readonly port: number
  close(): Promise<void>
}

/** Builds the demo server with its grpc-gateway from source, and starts it. */
export async function startGateway(): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-gateway-'))
  const program = join(folder, 'grpc-gateway')
  await run('go', ['build', '-trimpath', '-o', program, '.'], { cwd: sources, env })
  const server = spawn(program, ['-listen', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const close = async (): Promise<void> => {
    server.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  for await (const line of createInterface(server.stderr)) {
    const port = /listening on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1]
    if (port !== undefined) {
      server.stderr.resume()
      return { port: Number(port), close }
    }
  }
  await close()
  throw new Error('the gateway ended before it listened')
}
