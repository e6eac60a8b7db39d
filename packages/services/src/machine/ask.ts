import { connect } from 'node:net'
import type { Probe } from '../definition.ts'

/** How to find out in a protocol whether a server is usable. */
export interface Question {
  /** Sent first. */
  readonly greeting: Buffer | string
  /** What a server that stays silent does not give, such as `answer to PING`. */
  readonly awaited: string
  /** @param received Everything so far. `undefined`: the answer is not complete yet. */
  read(received: Buffer, send: (bytes: Buffer) => void): Probe | undefined
  /** What more there is to find out while the connection is still open. */
  complete?(probe: Probe): Promise<Probe>
  /** Sent last, to a server that does not like to lose a connection. */
  readonly farewell?: Buffer
}

/** Talks to whatever listens on this port of 127.0.0.1. Never rejects. */
export async function ask(
  port: number,
  timeoutMs: number,
  { greeting, awaited, read, complete, farewell }: Question,
): Promise<Probe> {
  const { promise, resolve } = Promise.withResolvers<Probe>()
  const unusable = (why: string): void => resolve({ usable: false, why })
  const socket = connect({ host: '127.0.0.1', port })
  const timer = setTimeout(unusable, timeoutMs, `no ${awaited} within ${timeoutMs} ms`)
  let received = Buffer.alloc(0)
  let probe: Probe | undefined
  socket.on('connect', () => socket.write(greeting))
  socket.on('data', (chunk) => {
    if (probe) return
    received = Buffer.concat([received, chunk])
    probe = read(received, (bytes) => socket.write(bytes))
    if (probe) resolve(probe)
  })
  socket.on('error', (error) => unusable(error.message))
  socket.on('close', () => unusable('the connection was closed without an answer'))
  try {
    const answer = await promise
    return complete ? await complete(answer) : answer
  } finally {
    clearTimeout(timer)
    if (farewell) socket.end(farewell).destroySoon()
    else socket.destroy()
  }
}
