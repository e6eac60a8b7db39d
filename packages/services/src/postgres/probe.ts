import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { Probe } from '../definition.ts'

const authenticated = Buffer.alloc(4)
const protocolVersion = 3 << 16
/** What a server may begin with: authentication, error, notice, protocol version negotiation. */
const firstLetters = 'RENv'
/** Longer than any greeting. */
const longestMessageBytes = 65_536
const foreign: Probe = { usable: false, why: 'it is not speaking the PostgreSQL protocol' }

/**
 * Opens a session. A server is not usable when it wants a password, lacks the role or database, is still starting, or is
 * not PostgreSQL at all, even if its port is open.
 */
export async function probePostgres(port: number, timeoutMs: number, name: string): Promise<Probe> {
  const { promise, resolve } = Promise.withResolvers<Probe>()
  const socket = connect({ host: '127.0.0.1', port })
  const timer = setTimeout(
    () => resolve({ usable: false, why: `no answer to the startup message within ${timeoutMs} ms` }),
    timeoutMs,
  )
  const greeting = createGreeting(resolve)
  socket.on('connect', () => socket.write(startup(name)))
  socket.on('data', greeting)
  socket.on('error', (error) => resolve({ usable: false, why: error.message }))
  socket.on('close', () => resolve({ usable: false, why: 'the connection was closed without an answer' }))
  try {
    const probe = await promise
    if (!probe.usable || probe.pid === undefined) return probe
    // this is the process of the session; the server is its parent
    const server = await parentOf(probe.pid)
    return server === undefined ? { usable: true } : { usable: true, pid: server }
  } finally {
    clearTimeout(timer)
    // Terminate; without it the server logs a lost connection
    socket.end(Buffer.from([88, 0, 0, 0, 4]))
    socket.destroySoon()
  }
}

function startup(name: string): Buffer {
  const body = Buffer.from(`user\0${name}\0database\0${name}\0application_name\0cloudbench probe\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + body.length)
  head.writeInt32BE(protocolVersion, 4)
  return Buffer.concat([head, body])
}

/** Reads messages until the server is ready or says what is wrong. */
function createGreeting(resolve: (probe: Probe) => void): (chunk: Buffer) => void {
  let received = Buffer.alloc(0)
  let isBeginning = true
  let pid: number | undefined
  return (chunk) => {
    received = Buffer.concat([received, chunk])
    if (isBeginning && !firstLetters.includes(String.fromCharCode(received[0]!))) {
      resolve(foreign)
      return
    }
    isBeginning = false
    while (received.length >= 5) {
      const length = 1 + received.readUInt32BE(1)
      if (length < 5 || length > longestMessageBytes) {
        resolve(foreign)
        return
      }
      if (received.length < length) return
      const letter = String.fromCharCode(received[0]!)
      const body = received.subarray(5, length)
      received = received.subarray(length)
      if (letter === 'R' && !body.equals(authenticated))
        resolve({ usable: false, why: 'it wants a password' })
      else if (letter === 'E') resolve({ usable: false, why: messageIn(body) })
      else if (letter === 'K' && body.length >= 4) pid = body.readInt32BE()
      else if (letter === 'Z') resolve(pid === undefined ? { usable: true } : { usable: true, pid })
    }
  }
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
