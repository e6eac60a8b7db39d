import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from '@cloudbench/fixtures/free-port'
import { onTestFinished } from 'vitest'
import { realPostgres, withoutPostgres, type RealPostgres } from './postgres.ts'

const program = ['/usr/sbin', ...(process.env['PATH'] ?? '').split(delimiter)]
  .map((folder) => join(folder, 'pgbouncer'))
  .find((path) => existsSync(path))

/** Tests with a pooler are skipped where PgBouncer or PostgreSQL is not installed. */
export const withoutPooler = program === undefined || withoutPostgres

/** It refuses to run as root. */
const nobody = 65_534
const isRoot = process.getuid?.() === 0

/** A PostgreSQL behind a PgBouncer, which ends with the test. */
export async function pooledPostgres(
  poolSize: number,
  mode: 'transaction' | 'session' = 'transaction',
  more = '',
): Promise<RealPostgres> {
  const postgres = await realPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-pooler-'))
  const port = await freePort()
  const settings = join(folder, 'pgbouncer.ini')
  await writeFile(
    settings,
    `[databases]
postgres = host=127.0.0.1 user=postgres port=${postgres.cluster.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${poolSize}
${more}
`,
  )
  if (isRoot) for (const path of [folder, settings]) await chown(path, nobody, nobody)
  const child = spawn(program!, [settings], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot && { uid: nobody, gid: nobody }),
  })
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  })
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (log.includes('process up')) resolve()
    })
    void ended.then(() => reject(new Error(`pgbouncer did not start: ${log}`)))
  })
  return { ...postgres, url: `postgres://postgres@127.0.0.1:${port}/postgres` }
}
