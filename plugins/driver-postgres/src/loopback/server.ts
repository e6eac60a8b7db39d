import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import { createStore, type Executed, type Store } from './store.ts'
import { createReader, fieldsOf, reply, type ClientMessage } from './wire.ts'

/** raise_exception */
const failure = reply.error('P0001', 'a failure that was asked for')

type Admit = (answer: (isFailure: boolean) => void) => void

/** Starts a server on loopback that speaks the protocol of PostgreSQL and keeps tables in memory. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  const behaviour = createBehaviour(options)
  const store = createStore()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    serve(socket, store, (answer) => behaviour.admit(answer))
  })
  const port = await listenOnLoopback(server, options.port)
  const die = (): void => {
    behaviour.close()
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const dying = options.dieAfterMs === undefined ? undefined : setTimeout(die, options.dieAfterMs)
  return {
    target: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async close() {
      clearTimeout(dying)
      if (!server.listening) return
      const closed = new Promise((resolve) => server.once('close', resolve))
      die()
      await closed
    },
  }
}

/** A prepared statement with its parameters. */
interface Portal {
  readonly text: string
  readonly parameters: readonly Buffer[]
}

/** One session. What was executed since the last Sync is the load; simple queries are housekeeping, and done at once. */
function serve(socket: Socket, store: Store, admit: Admit): void {
  const statements = new Map<string, string>()
  /** What a transaction that was begun will change. */
  let pending: (() => void)[] | undefined
  let portal: Portal = { text: '', parameters: [] }
  let replies: Buffer[] = []
  let executed: Executed[] = []

  const apply = (done: readonly Executed[]): void => {
    for (const { effect } of done)
      if (effect !== undefined) {
        if (pending === undefined) effect()
        else pending.push(effect)
      }
  }

  const runSimple = (text: string): Buffer[] => {
    const [, name, prepared] = /^PREPARE (\S+) \(.*?\) AS (.*)$/s.exec(text) ?? []
    if (name !== undefined) {
      statements.set(name, prepared!)
      return [reply.complete('PREPARE')]
    }
    if (text === 'BEGIN') pending = []
    else if (text === 'COMMIT' || text === 'ROLLBACK') {
      const effects = pending ?? []
      pending = undefined
      if (text === 'COMMIT') for (const effect of effects) effect()
    } else {
      const result = store.execute(text, [])
      apply([result])
      return [...(result.columns ? [reply.columns(result.columns)] : []), ...answerOf(result)]
    }
    return [reply.complete(text)]
  }

  const handlers: Readonly<Record<string, (body: Buffer) => void>> = {
    ssl: () => void socket.write(reply.noTls),
    startup: () => void socket.write(Buffer.concat([reply.greeting, reply.ready(false)])),
    Q(body) {
      const texts = fieldsOf(body).text().split(/;\s*/).filter(Boolean)
      const answers = attempt(() => texts.flatMap(runSimple))
      socket.write(Buffer.concat([...answers, reply.ready(pending !== undefined)]))
    },
    P(body) {
      const fields = fieldsOf(body)
      statements.set(fields.text(), fields.text())
      replies.push(reply.parsed)
    },
    C(body) {
      statements.delete(fieldsOf(body.subarray(1)).text())
      replies.push(reply.closed)
    },
    B(body) {
      portal = portalOf(body, statements)
      replies.push(reply.bound)
    },
    E() {
      const result = store.execute(portal.text, portal.parameters)
      executed.push(result)
      replies.push(...answerOf(result))
    },
    S() {
      const [answers, done] = [replies, executed]
      replies = []
      executed = []
      admit((isFailure) => {
        if (!isFailure) apply(done)
        socket.write(
          Buffer.concat([...(isFailure ? [failure] : answers), reply.ready(pending !== undefined)]),
        )
      })
    },
    X: () => void socket.end(),
  }

  const read = createReader(({ letter, body }: ClientMessage) => {
    const handler = Object.hasOwn(handlers, letter) ? handlers[letter] : undefined
    if (handler === undefined) socket.destroy()
    else if (letter === 'E') replies.push(...attempt(() => (handler(body), [])))
    else handler(body)
  })
  socket.on('data', (data) => {
    // answers of one read leave as one
    socket.cork()
    read(data)
    socket.uncork()
  })
}

function attempt(run: () => Buffer[]): Buffer[] {
  try {
    return run()
  } catch (error) {
    return [reply.error('42601', (error as Error).message)]
  }
}

function answerOf({ rows = [], tag }: Executed): Buffer[] {
  return [...rows.map((row) => reply.row(row)), reply.complete(tag)]
}

function portalOf(body: Buffer, statements: ReadonlyMap<string, string>): Portal {
  const fields = fieldsOf(body)
  fields.text()
  const text = statements.get(fields.text()) ?? ''
  for (let formats = fields.int16(); formats > 0; formats--) fields.int16()
  const parameters = Array.from({ length: fields.int16() }, () => {
    const length = fields.int32()
    return fields.bytes(Math.max(0, length))
  })
  return { text, parameters }
}
