import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFree } from '../machine/port.ts'

/** How long Erlang's port mapper may take to end. */
const limitMs = 30_000

/** KILL_REQ of the EPMD protocol: a length of one byte, and `k`. */
const killRequest = Buffer.from([0, 1, 0x6b])

/** Erlang starts a port mapper that outlives it. Ours gets a port of its own and ends with the server. */
export async function writeEpmdPort(folder: string, port: number): Promise<void> {
  await writeFile(fileOf(folder), String(port), { mode: 0o600 })
}

/** Ends the port mapper of the server in this folder, if there is one. */
export async function endEpmd(folder: string): Promise<void> {
  const port = Number(await readFile(fileOf(folder), 'utf8').catch(() => '0'))
  if (port === 0) return
  const untilMs = performance.now() + limitMs
  while (!(await isFree(port)) && performance.now() < untilMs) {
    await ask(port)
    await sleep(20)
  }
}

async function ask(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.setTimeout(limitMs, () => socket.destroy())
  socket.on('error', () => {})
  socket.end(killRequest)
  socket.resume()
  if (!socket.closed) await once(socket, 'close')
}

function fileOf(folder: string): string {
  return join(folder, 'epmd-port')
}
