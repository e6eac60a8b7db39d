import type { ByteCount, Call, Outcome, Slot } from '@cloudbench/core'
import type { Dispatcher } from 'undici'

/** What undici is told about a request. The parts that change are set again for each one. */
export interface RequestParts extends Dispatcher.DispatchOptions {
  path: string
  body: Buffer | null
  headers: string[]
}

/** Fills in what is generated. One for each request that can be in flight, as it reuses what it returns. */
export interface RequestWriter {
  write(call: Call): RequestParts
}

/** Says how an answer counts. */
export interface Judge<Writer extends RequestWriter> {
  /** Bodies of answers with this status or a higher one are kept for `outcomeOf`: 0 for all, Infinity for none. */
  readonly keepsBodyFrom: number
  /**
   * @param body Empty unless it was kept. @param writer Of the request that is answered.
   * @param encoding The `content-encoding` of a body that was kept, or nothing.
   */
  outcomeOf(status: number, body: Buffer, writer: Writer, encoding: string): Outcome
}

/** What all exchanges of a connection have in common. */
export interface ExchangeOwner<Writer extends RequestWriter> {
  readonly judge: Judge<Writer>
  readonly bytes: ByteCount
  /** A whole answer came; the exchange may be used again. */
  answered(exchange: Exchange<Writer>): void
  /** A request left a second time. */
  resent(): void
  /** Whether a request that the server cannot have begun to answer leaves once more, on another connection. */
  sendsAgain(exchange: Exchange<Writer>, error: unknown, hasLeft: boolean): boolean
  /** Whether no connection could be opened for a request, so that no byte of it has left. */
  neverLeft(error: unknown): boolean
  /** The connection is dead; nothing is opened or sent on it any more. */
  failed(error: unknown, isInBody: boolean): Error
}

const noBody = Buffer.alloc(0)

/** One request and its answer. It is undici's handler, made once and used for one request after another. */
export class Exchange<Writer extends RequestWriter> implements Dispatcher.DispatchHandler {
  readonly writer: Writer
  slot: Slot | undefined
  /** What was sent last. */
  parts: RequestParts | undefined
  readonly #owner: ExchangeOwner<Writer>
  readonly #judge: Judge<Writer>
  readonly #bytes: ByteCount
  readonly #keepsBodyFrom: number
  #status = 0
  #departures = 0
  #hasBegun = false
  #encoding = ''
  #chunks: Buffer[] = []

  constructor(owner: ExchangeOwner<Writer>, writer: Writer) {
    this.#owner = owner
    this.#judge = owner.judge
    this.#bytes = owner.bytes
    this.#keepsBodyFrom = owner.judge.keepsBodyFrom
    this.writer = writer
  }

  /** Writes the next request. */
  begin(slot: Slot): RequestParts {
    this.slot = slot
    this.#departures = 0
    this.#hasBegun = false
    this.parts = this.writer.write(slot)
    return this.parts
  }

  onRequestStart(): void {
    this.#status = 0
    this.#hasBegun = false
    if (++this.#departures === 2) this.#owner.resent()
  }

  onResponseStarted(): void {
    this.#hasBegun = true
  }

  /** Called again for the final status when informational ones came first. */
  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status
    if (status >= this.#keepsBodyFrom) this.#encoding = String(headers['content-encoding'] ?? '')
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes.received += chunk.length
    if (this.#status >= this.#keepsBodyFrom) this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const slot = this.slot!
    // what is kept will be decoded and read
    if (this.#chunks.length > 0) slot.answered()
    const outcome = this.#judge.outcomeOf(this.#status, this.#takeBody(), this.writer, this.#encoding)
    this.slot = undefined
    this.#owner.answered(this)
    slot.done(outcome)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const mayLeave = this.#departures < 2 && !this.#hasBegun
    if (mayLeave && this.#owner.sendsAgain(this, error, this.#departures > 0)) return
    this.#chunks = []
    const failure = this.#owner.failed(error, this.#status >= 200)
    const { slot } = this
    this.slot = undefined
    if (this.#departures === 0 && this.#owner.neverLeft(error)) slot?.unsent(failure)
    else slot?.fail(failure)
  }

  #takeBody(): Buffer {
    const chunks = this.#chunks
    if (chunks.length === 0) return noBody
    this.#chunks = []
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  }
}
