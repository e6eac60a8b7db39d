import type { ByteCount, Slot } from '@cloudbench/core'
import type { Dispatcher } from 'undici'
import type { Judge } from '../outcomes.ts'
import type { RequestWriter } from '../payload.ts'

/** What all exchanges of a connection have in common. */
export interface ExchangeOwner {
  readonly judge: Judge
  readonly bytes: ByteCount
  /** A whole answer came; the exchange may be used again. */
  answered(exchange: Exchange): void
  /** The connection is dead; nothing is opened or sent on it any more. */
  failed(error: unknown): Error
}

/** One request and its answer. It is undici's handler, made once and used for one request after another. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly write: RequestWriter
  slot: Slot | undefined
  readonly #owner: ExchangeOwner
  readonly #judge: Judge
  readonly #bytes: ByteCount
  readonly #keepsBody: boolean
  #status = 0
  #chunks: Buffer[] = []

  constructor(owner: ExchangeOwner, write: RequestWriter) {
    this.#owner = owner
    this.#judge = owner.judge
    this.#bytes = owner.bytes
    this.#keepsBody = owner.judge.needsBody
    this.write = write
  }

  /** undici asks for it, as the mark of a handler of this kind. */
  onRequestStart(): void {}

  /** Called again for the final status when informational ones came first. */
  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes.received += chunk.length
    if (this.#keepsBody) this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const slot = this.slot!
    const outcome = this.#keepsBody
      ? this.#judge.body(this.#status, this.#takeBody())
      : this.#judge.status(this.#status)
    this.slot = undefined
    this.#owner.answered(this)
    slot.done(outcome)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const failure = this.#owner.failed(error)
    const { slot } = this
    this.slot = undefined
    slot?.fail(failure)
  }

  #takeBody(): Buffer {
    const chunks = this.#chunks
    this.#chunks = []
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  }
}
