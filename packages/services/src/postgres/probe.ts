import { readFile } from 'node:fs/promises'
import type { Probe } from '../definition.ts'
import { ask } from '../machine/ask.ts'

const authenticated = Buffer.alloc(4)
const protocolVersion = 3 << 16
/** What a server may begin with: authentication, error, notice, protocol version negotiation. */
const firstLetters = 'RENv'
/** Longer than any greeting. */
const longestMessageBytes = 65_536
const foreign: Probe = { usable: false, why: 'it is not speaking the PostgreSQL protocol' }

/** Without it the server logs a lost connection. */
const terminate = Buffer.from([88, 0, 0, 0, 4])

/**
 * Opens a session. A server is not usable when it wants a password, lacks the role or database, is still starting, or is
 * not PostgreSQL at all, even if its port is open.
 */
export async function probePostgres(port: number, timeoutMs: number, name: string): Promise<Probe> {
  return await ask(port, timeoutMs, {
    greeting: startup(name),
    awaited: 'answer to the startup message',
    read: readGreeting,
    complete: withServer,
    farewell: terminate,
  })
}

/** The process that answered is that of the session, and ends with it; the server is its parent. */
async function withServer(probe: Probe): Promise<Probe> {
  if (!probe.usable || probe.pid === undefined) return probe
  const server = await parentOf(probe.pid)
  return server === undefined ? { usable: true } : { usable: true, pid: server }
}

function startup(name: string): Buffer {
  const body = Buffer.from(`user\0${name}\0database\0${name}\0application_name\0cloudbench probe\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + body.length)
  head.writeInt32BE(protocolVersion, 4)
  return Buffer.concat([head, body])
}

/** Reads messages until the server is ready or says what is wrong. `undefined`: neither yet. */
function readGreeting(received: Buffer): Probe | undefined {
  if (!firstLetters.includes(String.fromCharCode(received[0]!))) return foreign
  let pid: number | undefined
  for (let at = 0; received.length - at >= 5;) {
    const length = 1 + received.readUInt32BE(at + 1)
    if (length < 5 || length > longestMessageBytes) return foreign
    if (received.length - at < length) return undefined
    const letter = String.fromCharCode(received[at]!)
    const body = received.subarray(at + 5, at + length)
    at += length
    if (letter === 'R' && !body.equals(authenticated)) return { usable: false, why: 'it wants a password' }
    if (letter === 'E') return { usable: false, why: messageIn(body) }
    if (letter === 'K' && body.length >= 4) pid = body.readInt32BE()
    if (letter === 'Z') return pid === undefined ? { usable: true } : { usable: true, pid }
  }
  return undefined
}

/** Each field of an error is a letter and a text; M is the message for people. */
function messageIn(body: Buffer): string {
  const fields = body.toString('utf8').split('\0')
  return (
    fields.find((field) => field.startsWith('M'))?.slice(1) ?? 'it refused the session without saying why'
  )
}

async function parentOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  // the id may belong to another process: the server may be in a container
  if (!/^Name:\s+postgres$/m.test(status)) return undefined
  const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1]
  return parent === undefined ? undefined : Number(parent)
}
