import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { apply } from '../src/apply.ts'
import { contextOf } from './context.ts'

// a process that starts servers: it says which CPUs it and they have, before, while and after the environment is applied

const cpusOf = async (pid: number | 'self'): Promise<string | undefined> =>
  /^Cpus_allowed_list:\s*(.*)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]

/** It ends when its input does. */
async function startServer(): Promise<{ readonly pid: number; end(): void }> {
  const server = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] })
  await once(server, 'spawn')
  return { pid: server.pid!, end: () => server.stdin.end() }
}

const before = await cpusOf('self')
const older = await startServer()
const undo = await apply(contextOf({ serverCpus: process.argv[2] }))
const during = await cpusOf('self')
const younger = await startServer()
const seen = { before, older: await cpusOf(older.pid), during, younger: await cpusOf(younger.pid) }
await undo?.()
process.send?.({ ...seen, after: await cpusOf('self') })
for (const server of [older, younger]) server.end()
process.disconnect()
