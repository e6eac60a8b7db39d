import type { ByteCount, Slot } from '@cloudbench/core'
import type { Dispatcher } from 'undici'
import { codeOfFailure, readJsonStream } from '../wire/json-answer.ts'
import type { JsonRequest } from '../payload/json-request.ts'
import type { Outcomes } from '../outcomes.ts'
import { status } from '../wire/status.ts'

/** What all exchanges of a connection have in common. */
export interface JsonExchangeOwner {
  readonly outcomes: Outcomes
  readonly bytes: ByteCount
  /** Whether the answer is a stream of messages. */
  readonly answersAreStream: boolean
  /** A whole answer came; the exchange may be used again. */
  answered(exchange: JsonExchange): void
  /** The connection is dead; nothing is opened or sent on it any more. */
  failed(error: unknown): Error
}

/** One request and its answer. It is undici's handler, made once and used for one request after another. */
export class JsonExchange implements Dispatcher.DispatchHandler {
  readonly request: JsonRequest
  slot: Slot | undefined
  readonly #owner: JsonExchangeOwner
  readonly #bytes: ByteCount
  readonly #keepsBody: boolean
  #status = 0
  #chunks: Buffer[] = []

  constructor(owner: JsonExchangeOwner, request: JsonRequest) {
    this.#owner = owner
    this.#bytes = owner.bytes
    this.#keepsBody = owner.outcomes.verifies || owner.answersAreStream
    this.request = request
  }

  /** undici asks for it, as the mark of a handler of this kind. */
  onRequestStart(): void {}

  /** Called again for the final status when informational ones came first. */
  onResponseStart(_controller: Dispatcher.DispatchController, httpStatus: number): void {
    this.#status = httpStatus
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes.received += chunk.length
    if (this.#keepsBody || this.#status >= 300) this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const slot = this.slot!
    this.slot = undefined
    const outcome = this.#outcome()
    this.#owner.answered(this)
    slot.done(outcome)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const failure = this.#owner.failed(error)
    const { slot } = this
    this.slot = undefined
    slot?.fail(failure)
  }

  #outcome() {
    const { outcomes, answersAreStream } = this.#owner
    const { turn, values } = this.request
    if (this.#status >= 300) return outcomes.end(codeOfFailure(this.#status, this.#takeBody()), 0, true)
    if (answersAreStream) {
      const { messages, code } = readJsonStream(this.#takeBody())
      let isAccepted = true
      if (outcomes.verifies)
        for (const message of messages) isAccepted = outcomes.acceptsJson(message, turn, values) && isAccepted
      return outcomes.end(code, messages.length, isAccepted)
    }
    const isAccepted = !outcomes.verifies || outcomes.acceptsJson(this.#takeBody().toString(), turn, values)
    return outcomes.end(status.ok, 1, isAccepted)
  }

  #takeBody(): Buffer {
    const chunks = this.#chunks
    this.#chunks = []
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  }
}
