import type { Socket } from 'node:net'
import { createReader, fieldsOf, reply, type ClientMessage } from './wire.ts'
import type { Executed } from './statement.ts'
import type { Store } from './store.ts'

/** raise_exception */
const failure = reply.error('P0001', 'requested failure')

type Admit = (answer: (isFailure: boolean) => void) => void

/** Serves one session: what comes before a Sync is load, simple queries are housekeeping and answered at once. */
export function serve(socket: Socket, store: Store, admit: Admit): void {
  const session = createSession(store)
  const group = createGroup(session, admit, (bytes) => socket.write(bytes))
  const handlers: Handlers = {
    ssl: () => void socket.write(reply.noTls),
    startup: () => void socket.write(Buffer.concat([reply.greeting, session.ready()])),
    Q(body) {
      const texts = fieldsOf(body).text().split(/;\s*/).filter(Boolean)
      const answers = attempt(() => texts.flatMap((text) => session.runSimple(text)))
      socket.write(Buffer.concat([...answers, session.ready()]))
    },
    ...group,
    X: () => void socket.end(),
  }
  const read = createReader(({ letter, body }: ClientMessage) => {
    const handler = Object.hasOwn(handlers, letter) ? handlers[letter] : undefined
    if (handler === undefined) socket.destroy()
    else handler(body)
  })
  socket.on('data', (data) => {
    // answers to one read leave as one
    socket.cork()
    read(data)
    socket.uncork()
  })
}

type Handlers = Readonly<Record<string, (body: Buffer) => void>>

/** The messages of the extended protocol, which are answered up to a Sync. */
function createGroup(session: Session, admit: Admit, send: (bytes: Buffer) => void): Handlers {
  const { statements } = session
  let portal: Portal = { text: '', parameters: [] }
  let replies: Buffer[] = []
  let executed: Executed[] = []
  return {
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
      const answers = attempt(() => {
        const result = session.execute(portal.text, portal.parameters)
        executed.push(result)
        return answerOf(result)
      })
      replies.push(...answers)
    },
    S() {
      const [answers, done] = [replies, executed]
      replies = []
      executed = []
      admit((isFailure) => {
        if (!isFailure) session.apply(done)
        send(Buffer.concat([...(isFailure ? [failure] : answers), session.ready()]))
      })
    },
  }
}

interface Session {
  /** Texts of prepared statements, by name. */
  readonly statements: Map<string, string>
  execute(text: string, parameters: readonly Buffer[]): Executed
  runSimple(text: string): Buffer[]
  /** Changes the tables, or has the transaction that was begun do so when it commits. */
  apply(done: readonly Executed[]): void
  ready(): Buffer
}

function createSession(store: Store): Session {
  const statements = new Map<string, string>()
  /** What the open transaction will change. */
  let pending: (() => void)[] | undefined

  const apply = (done: readonly Executed[]): void => {
    for (const { effect } of done)
      if (effect !== undefined) {
        if (pending === undefined) effect()
        else pending.push(effect)
      }
  }

  return {
    statements,
    execute: (text, parameters) => store.execute(text, parameters),
    runSimple(text) {
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
    },
    apply,
    ready: () => reply.ready(pending !== undefined),
  }
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

/** A prepared statement with its parameters. */
interface Portal {
  readonly text: string
  readonly parameters: readonly Buffer[]
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
