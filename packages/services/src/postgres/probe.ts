import { readFile } from 'node:fs/promises'
import type { Probe } from '../definition.ts'
import { ask } from '../machine/ask.ts'
import { scram, type Scram } from './scram.ts'

/** What a server asks for, in the first four bytes of an authentication message. */
const ok = 0
const sasl = 10
const saslContinue = 11
const saslFinal = 12
const protocolVersion = 3 << 16
/** What a server may begin with: authentication, error, notice, protocol version negotiation. */
const firstLetters = 'RENv'
/** Longer than any greeting. */
const longestMessageBytes = 65_536
const foreign: Probe = { usable: false, why: 'it is not speaking the PostgreSQL protocol' }

/** Without it the server logs a lost connection. */
const terminate = Buffer.from([88, 0, 0, 0, 4])

/**
 * Opens a session. A server is not usable when it wants another password than this one or does not know it itself, lacks
 * the role or database, is still starting, or is not PostgreSQL at all, even if its port is open.
 */
export async function probePostgres(
  port: number,
  timeoutMs: number,
  name: string,
  password?: string,
): Promise<Probe> {
  const session = { login: password === undefined ? undefined : scram(password), isProven: false, at: 0 }
  return await ask(port, timeoutMs, {
    greeting: startup(name),
    awaited: 'answer to the startup message',
    read: (received, send) => readGreeting(received, session, send),
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

interface Session {
  readonly login: Scram | undefined
  /** The server knows the password. */
  isProven: boolean
  pid?: number
  /** How many bytes were read. */
  at: number
}

/** Reads messages until the server is ready or says what is wrong. `undefined`: neither yet. */
function readGreeting(received: Buffer, session: Session, send: (bytes: Buffer) => void): Probe | undefined {
  if (!firstLetters.includes(String.fromCharCode(received[0]!))) return foreign
  while (received.length - session.at >= 5) {
    const length = 1 + received.readUInt32BE(session.at + 1)
    if (length < 5 || length > longestMessageBytes) return foreign
    if (received.length - session.at < length) return undefined
    const letter = String.fromCharCode(received[session.at]!)
    const body = received.subarray(session.at + 5, session.at + length)
    session.at += length
    if (letter === 'R') {
      const why = body.length < 4 ? 'it breaks the protocol' : authenticate(body, session, send)
      if (why !== undefined) return { usable: false, why }
    }
    if (letter === 'E') return { usable: false, why: messageIn(body) }
    if (letter === 'K' && body.length >= 4) session.pid = body.readInt32BE()
    if (letter === 'Z')
      return session.pid === undefined ? { usable: true } : { usable: true, pid: session.pid }
  }
  return undefined
}

/** Answers a request to authenticate, or says what is wrong with it. */
function authenticate(body: Buffer, session: Session, send: (bytes: Buffer) => void): string | undefined {
  const { login } = session
  const text = body.toString('latin1', 4)
  const step = body.readInt32BE()
  if (login === undefined) return step === ok ? undefined : 'it wants a password'
  if (step === ok) return session.isProven ? undefined : 'it lets in everybody'
  if (step === sasl && text.split('\0').includes('SCRAM-SHA-256')) {
    const size = Buffer.alloc(4)
    size.writeInt32BE(login.first.length)
    send(passwordMessage(Buffer.from('SCRAM-SHA-256\0'), size, Buffer.from(login.first)))
    return undefined
  }
  if (step === saslContinue) {
    const answer = login.answer(text)
    if (answer === undefined) return 'it breaks the rules of SCRAM'
    send(passwordMessage(Buffer.from(answer)))
    return undefined
  }
  if (step !== saslFinal) return 'it wants to be logged in to in another way'
  session.isProven = login.accepts(text)
  return session.isProven ? undefined : 'it does not know the password itself'
}

function passwordMessage(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const head = Buffer.from([112, 0, 0, 0, 0])
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
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
