import type { ByteCount, Connection, Counter, DriverContext, RequestTrace, Slot } from '@cloudbench/core'
import { formatDuration } from '@cloudbench/core/text'
import { connectionClosed, errorWithCode, lostConnection } from '../connect/errors.ts'
import type { LightSocket, SocketReader } from '../socket/light-socket.ts'
import { Body } from './body.ts'
import { Exchange } from './exchange.ts'
import { AnswerFault } from './fault.ts'
import { createFrame, sendOn } from './frame.ts'
import { InFlight } from './in-flight.ts'
import { placeOf, type ConnectOptions, type Place } from './place.ts'
import { AnswerReader, type AnswerTaker } from './reader.ts'
import type { HttpPlan, RequestWriter } from './request.ts'

/** How often it is looked whether the head of an answer takes too long. */
const watchMs = 250

/** What the other side may do to a connection at any time. */
const lossCodes: ReadonlySet<unknown> = new Set(['CONNECTION_CLOSED', 'ECONNRESET', 'EPIPE'])

/** Opens one connection of HTTP/1.1, and keeps it for one request after another. */
export async function openHttpConnection<Writer extends RequestWriter>(
  context: DriverContext<ConnectOptions>,
  plan: HttpPlan<Writer>,
): Promise<Connection> {
  const { signal } = context
  const place = await placeOf(context, plan)
  signal.throwIfAborted()
  const connection = new HttpConnection(context, plan, place)
  await connection.open().catch((error: unknown) => {
    throw plan.connectError(error)
  })
  if (!signal.aborted) return connection
  connection.close()
  throw signal.reason
}

class HttpConnection<Writer extends RequestWriter> implements Connection, AnswerTaker {
  readonly reportsSockets = true
  readonly streams: number
  readonly #plan: HttpPlan<Writer>
  readonly #place: Place
  readonly #bytes: ByteCount
  readonly #reopened: Counter
  readonly #resent: Counter
  readonly #keepAlive: boolean
  readonly #trace: RequestTrace | undefined
  readonly #keepsBodyFrom: number
  readonly #maxBytes: number
  readonly #headTimeoutMs: number
  readonly #inFlight: InFlight<Writer>
  readonly #reader = new AnswerReader(this)
  readonly #body = new Body()
  readonly #take: SocketReader
  readonly #watch: NodeJS.Timeout | undefined
  /** The one in use; undefined while there is none, until the next request. */
  #socket: LightSocket | undefined
  #isOpen = false
  /** Whether the connection in use has answered before. */
  #hasAnswered = false
  #isStopped = false
  /** How many requests have left on the connection in use. */
  #left = 0
  /** How many of them had left before the read that is handled: what is sent from within it cannot be answered in it. */
  #answerable = 0
  #answerBytes = 0

  constructor(context: DriverContext<ConnectOptions>, plan: HttpPlan<Writer>, place: Place) {
    const { streams, keepAlive = true, judge, maxResponseBytes = Infinity, headTimeoutMs = 0 } = plan
    this.streams = streams
    this.#plan = plan
    this.#place = place
    this.#bytes = context.bytes
    this.#reopened = context.counter('connections reopened')
    this.#resent = context.counter('resent')
    this.#keepAlive = keepAlive
    this.#trace = context.trace
    this.#keepsBodyFrom = judge.keepsBodyFrom
    this.#maxBytes = maxResponseBytes
    this.#headTimeoutMs = headTimeoutMs
    this.#inFlight = new InFlight(
      exchangesOf(plan, { host: place.host, keepAlive, isTraced: context.trace !== undefined }),
    )
    this.#take = (shared, length) => this.#read(shared, length)
    if (headTimeoutMs > 0) this.#watch = setInterval(() => this.#lookAtHead(), watchMs)
  }

  /** Opens the first connection. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#open(resolve, (error) => {
        this.#stop()
        reject(error)
      })
    })
  }

  issue(slot: Slot): void {
    if (this.#isStopped) {
      queueMicrotask(() => slot.unsent(connectionClosed('the connection was given up')))
      return
    }
    const exchange = this.#inFlight.begin(slot)
    this.#bytes.sent += exchange.bodyBytes
    if (this.#isOpen) this.#send(exchange)
    else if (this.#socket === undefined) this.#reopen()
  }

  close(): void {
    this.#stop()
    this.#drop()
    this.#inFlight.failAll(connectionClosed())
  }

  get expectsAnswer(): boolean {
    return this.#answerable > 0
  }

  get expectsNoBody(): boolean {
    return this.#inFlight.first.frame.method === 'HEAD'
  }

  body(bytes: Buffer, from: number, to: number): void {
    const length = to - from
    this.#bytes.received += length
    this.#answerBytes += length
    if (this.#answerBytes > this.#maxBytes)
      throw new AnswerFault(
        this.#plan.limitNames?.size ?? 'REFUSED_BY_CLIENT',
        `the body of an answer has more than ${this.#maxBytes} bytes`,
      )
    if (this.#reader.head.status >= this.#keepsBodyFrom) this.#body.add(bytes, from, to)
  }

  end(): void {
    const { head, isLast } = this.#reader
    const inFlight = this.#inFlight
    const { slot, writer } = inFlight.first
    // what is kept will be decoded and read
    const isKept = !this.#body.isEmpty
    if (isKept) slot!.answered()
    const outcome = this.#plan.judge.outcomeOf(
      head.status,
      this.#body.take(),
      writer,
      isKept ? head.encoding : '',
    )
    inFlight.end()
    this.#left--
    this.#answerable--
    this.#answerBytes = 0
    this.#hasAnswered = true
    if (this.#keepAlive && !isLast) {
      slot!.done(outcome)
      return
    }
    const isLost = !inFlight.mayLeaveAgain
    this.#drop()
    slot!.done(outcome)
    if (isLost) this.#fail(connectionClosed('the server closed the connection after an earlier answer'))
    else if (inFlight.count > 0 && this.#socket === undefined) this.#reopen()
  }

  #send(exchange: Exchange<Writer>): void {
    exchange.departures++
    if (exchange.departures === 2) this.#resent.add(1)
    if (this.#headTimeoutMs > 0) exchange.sentMs = performance.now()
    this.#left++
    sendOn(this.#socket!, exchange, this.#trace)
  }

  #read(shared: Buffer, length: number): void {
    const socket = this.#socket!
    this.#answerable = this.#left
    try {
      this.#reader.read(shared, length)
    } catch (error) {
      if (!(error instanceof AnswerFault)) throw error
      this.#lose(socket, error)
    }
    this.#body.settle()
  }

  #reopen(): void {
    this.#reopened.add(1)
    this.#open(
      () => {},
      (error) => this.#fail(lostConnection(error)),
    )
  }

  #open(opened: () => void, refused: (error: Error) => void): void {
    this.#reader.reset()
    this.#hasAnswered = false
    const socket = this.#place.open(this.#take)
    this.#socket = socket
    const lose = (error: Error): void => {
      if (this.#isOpen) this.#lose(socket, error)
      else if (socket === this.#socket) {
        this.#drop()
        refused(error)
      }
    }
    socket.on('connect', () => {
      if (socket !== this.#socket) return
      this.#isOpen = true
      for (let place = 0; place < this.#inFlight.count; place++) this.#send(this.#inFlight.at(place))
      opened()
    })
    socket.on('error', lose)
    // before it is open, an error says more
    socket.on('end', () => this.#isOpen && socket === this.#socket && this.#ended(socket))
    socket.on('close', () => lose(connectionClosed()))
  }

  #ended(socket: LightSocket): void {
    if (!this.#reader.close()) this.#lose(socket, connectionClosed('the server closed the connection'))
  }

  /** The connection is of no use any more, and neither is what was sent on it. */
  #lose(socket: LightSocket, error: Error): void {
    if (socket !== this.#socket) return
    const { hasBegun, isInBody } = this.#reader
    const isLoss = lossCodes.has((error as NodeJS.ErrnoException).code)
    const leavesAgain = isLoss && this.#hasAnswered && !hasBegun && this.#inFlight.mayLeaveAgain
    this.#drop()
    // an idle one is the server's to close
    if (this.#inFlight.count === 0) return
    if (leavesAgain) this.#reopen()
    else this.#fail(lostConnection(error, ({ code }) => nameOf(code, isInBody)))
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    this.#isOpen = false
    this.#left = 0
    this.#answerBytes = 0
    this.#reader.stop()
    this.#body.drop()
    socket?.destroy()
  }

  #fail(failure: Error): void {
    this.#stop()
    this.#drop()
    this.#inFlight.failAll(failure)
  }

  #stop(): void {
    this.#isStopped = true
    clearInterval(this.#watch)
  }

  #lookAtHead(): void {
    if (this.#left === 0 || this.#reader.isInBody) return
    const { sentMs } = this.#inFlight.first
    if (performance.now() - sentMs < this.#headTimeoutMs) return
    const name = this.#plan.limitNames?.timeout ?? 'ETIMEDOUT'
    this.#fail(errorWithCode(name, `no answer within ${formatDuration(this.#headTimeoutMs)}`))
  }
}

/** As many exchanges as there may be at once. Requests that writers share are compiled once. */
function exchangesOf<Writer extends RequestWriter>(
  plan: HttpPlan<Writer>,
  options: Parameters<typeof createFrame>[1],
): Exchange<Writer>[] {
  const framesOf = new Map<RequestWriter, ReturnType<typeof createFrame>[]>()
  return Array.from({ length: plan.streams }, () => {
    const writer = plan.createWriter()
    const frames = framesOf.get(writer) ?? writer.requests.map((request) => createFrame(request, options))
    framesOf.set(writer, frames)
    return new Exchange(writer, frames)
  })
}

function nameOf(code: string | undefined, isInBody: boolean): string | undefined {
  return isInBody && code === 'CONNECTION_CLOSED' ? 'TRUNCATED_RESPONSE' : undefined
}
