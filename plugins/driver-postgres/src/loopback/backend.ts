import type { Socket } from 'node:net'
import type { Executed } from './statement.ts'
import type { Execute } from './store.ts'
import { createReader, fieldsOf, reply, type ClientMessage } from './wire.ts'

/** raise_exception */
const failure = reply.error('P0001', 'requested failure')

/** `S`, which says that what is described is a statement and not a portal. */
const statementKind = 83

type Admit = (answer: (isFailure: boolean) => void) => void

type Handlers = Readonly<Record<string, (body: Buffer) => void>>

/** Serves one session: what comes before a Sync is load, simple queries are housekeeping and answered at once. */
export function serve(socket: Socket, execute: Execute, admit: Admit): void {
  /** Texts of prepared statements, by name. */
  const statements = new Map<string, string>()
  const transaction = createTransaction()
  const send = (answers: readonly Buffer[]): void => {
    socket.write(Buffer.concat([...answers, reply.ready(transaction.isOpen())]))
  }
  const runSimple = (text: string): Buffer[] => {
    const [, name, prepared] = /^PREPARE (\S+) \(.*?\) AS (.*)$/s.exec(text) ?? []
    if (name !== undefined) {
      statements.set(name, prepared!)
      return [reply.complete('PREPARE')]
    }
    if (text.startsWith('BEGIN')) transaction.begin()
    else if (text === 'COMMIT' || text === 'ROLLBACK') transaction.end(text === 'COMMIT')
    else {
      const result = execute(text, [])
      transaction.apply([result])
      return [...(result.columns ? [reply.columns(result.columns)] : []), ...answerOf(result)]
    }
    return [reply.complete(text)]
  }
  const handlers: Handlers = {
    ssl: () => void socket.write(reply.noTls),
    startup: () => send([reply.greeting]),
    Q(body) {
      const texts = bare(fieldsOf(body).text()).split(/;\s*/).filter(Boolean)
      send(attempt(() => texts.flatMap(runSimple)))
    },
    ...extendedHandlers(statements, execute, {
      flush: (answers) => void socket.write(Buffer.concat(answers)),
      sync: (answers, done) =>
        admit((isFailure) => {
          if (!isFailure) transaction.apply(done)
          send(isFailure ? [failure] : answers)
        }),
    }),
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

/** Without the comment that says which request a text belongs to. */
function bare(text: string): string {
  return text.startsWith('/*') ? text.slice(text.indexOf('*/') + 2).trimStart() : text
}

interface Answering {
  flush(answers: readonly Buffer[]): void
  sync(answers: readonly Buffer[], done: readonly Executed[]): void
}

/** The messages of the extended protocol, which are answered up to a Sync, or to a Flush. */
function extendedHandlers(
  statements: Map<string, string>,
  execute: Execute,
  { flush, sync }: Answering,
): Handlers {
  let run: () => Executed = () => execute('', [])
  let answers: Buffer[] = []
  let done: Executed[] = []
  return {
    P(body) {
      const fields = fieldsOf(body)
      statements.set(fields.text(), bare(fields.text()))
      answers.push(reply.parsed)
    },
    C(body) {
      statements.delete(fieldsOf(body.subarray(1)).text())
      answers.push(reply.closed)
    },
    B(body) {
      const { text, parameters } = portalOf(body, statements)
      let result: Executed | undefined
      run = () => (result ??= execute(text, parameters))
      answers.push(reply.bound)
    },
    D(body) {
      const text =
        body[0] === statementKind ? (statements.get(fieldsOf(body.subarray(1)).text()) ?? '') : undefined
      answers.push(...attempt(() => (text === undefined ? [descriptionOf(run())] : describe(text, execute))))
    },
    H() {
      flush(answers)
      answers = []
    },
    E() {
      const executed = attempt(() => {
        const result = run()
        done.push(result)
        return answerOf(result)
      })
      answers.push(...executed)
    },
    S() {
      sync(answers, done)
      answers = []
      done = []
    },
  }
}

interface Transaction {
  isOpen(): boolean
  begin(): void
  end(isCommitted: boolean): void
  /** Changes the tables, or has the transaction that was begun do so when it commits. */
  apply(done: readonly Executed[]): void
}

function createTransaction(): Transaction {
  let pending: Executed[] | undefined
  const apply = (done: readonly Executed[]): void => {
    if (pending) pending.push(...done)
    else for (const { effect } of done) effect?.()
  }
  return {
    isOpen: () => pending !== undefined,
    begin() {
      pending = []
    },
    end(isCommitted) {
      const done = pending ?? []
      pending = undefined
      if (isCommitted) apply(done)
    },
    apply,
  }
}

function attempt(run: () => Buffer[]): Buffer[] {
  try {
    return run()
  } catch (error) {
    return [reply.error('42601', (error as Error).message)]
  }
}

/** A statement, which has no parameters yet. */
function describe(text: string, execute: Execute): Buffer[] {
  const parameters = new Set(text.match(/\$\d+/g)).size
  return [reply.parameters(parameters), descriptionOf(execute(text, []))]
}

function descriptionOf({ columns }: Executed): Buffer {
  return columns ? reply.columns(columns) : reply.noData
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
  // one format for all parameters, or none, which is text; pg names one for each, and all the same
  let isBinary = false
  for (let formats = fields.int16(); formats > 0; formats--) isBinary = fields.int16() === 1
  const parameters = Array.from({ length: fields.int16() }, () => {
    const bytes = fields.bytes(Math.max(0, fields.int32()))
    return isBinary ? bytes : inBinary(bytes)
  })
  return { text, parameters }
}

/** A number in text as a bigint. A document stays as it is: text in both, but for the version of jsonb before it. */
function inBinary(text: Buffer): Buffer {
  const written = text.toString('latin1')
  if (!/^\d{1,19}$/.test(written)) return text
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(written))
  return bytes
}
