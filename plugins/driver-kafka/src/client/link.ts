import { appended, connectionClosed, errorWithCode, type LightSocket, within } from '@cloudbench/driver-kit'
import type { Address } from '../target.ts'
import type { Api } from '../wire/api.ts'
import { Reader } from '../wire/reader.ts'
import { frameOf } from '../wire/writer.ts'

/** Takes the answer to one request. */
export interface Receiver {
  /** @param answer Without size and correlation. Its bytes are good until this returns: the memory is used again. */
  received(answer: Reader): void
}

/** Larger than any answer that we ask for: a peer that announces more speaks another protocol. */
export const largestAnswerBytes = 256 * 1024 * 1024

/** An open connection to one broker, which answers in the order of the requests. */
export class Link {
  readonly address: Address
  onClose: () => void = () => {}
  readonly #socket: LightSocket
  readonly #onFault: (error: Error) => void
  readonly #answerLimitMs: number
  /** Rejects what `ask` waits for. */
  readonly #rejects = new Set<(error: Error) => void>()
  /** Receivers of the requests in flight, the oldest at `#oldest`. */
  readonly #waiting: Receiver[] = []
  /** The correlation ids of their requests. */
  readonly #numbers: number[] = []
  #oldest = 0
  #correlation = 0
  /** The beginning of an answer, whose rest is still to come. */
  #kept: Buffer = Buffer.alloc(0)
  #keptBytes = 0
  /** So many bytes are needed from its beginning. */
  #neededBytes = 4
  #error: Error | undefined

  constructor(socket: LightSocket, address: Address, answerLimitMs: number, onFault: (error: Error) => void) {
    this.address = address
    this.#answerLimitMs = answerLimitMs
    this.#socket = socket
    this.#onFault = onFault
    socket.reader = (shared, length) => this.#receive(shared, length)
    socket.on('error', (error) => this.#break(error))
    socket.on('close', () => this.#break(connectionClosed('the broker closed the connection')))
    // it may have closed while kafkajs handed it over
    if (socket.destroyed)
      process.nextTick(() => this.#break(connectionClosed('the broker closed the connection')))
  }

  /** The correlation id that the next frame has to carry. */
  get correlation(): number {
    return this.#correlation
  }

  /** Sends a frame, in one or two parts. Without a receiver, no answer is expected. */
  send(receiver: Receiver | undefined, first: Buffer, second?: Buffer, written?: () => void): void {
    if (receiver) {
      this.#waiting.push(receiver)
      this.#numbers.push(this.#correlation)
    }
    this.#correlation = (this.#correlation + 1) & 0x7fff_ffff
    if (second === undefined) this.#socket.write(first, written)
    else {
      this.#socket.write(first)
      this.#socket.write(second, written)
    }
  }

  /** Sends one request outside the load. Closes the link if it is not answered in time. */
  async ask<T>(request: Api, body: Buffer, read: (answer: Reader) => T): Promise<T> {
    if (this.#error) throw this.#error
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#rejects.add(reject)
    const received = (answer: Reader): void => {
      try {
        resolve(read(answer))
      } catch (error) {
        reject(error)
      }
    }
    this.send({ received }, frameOf(request, this.#correlation, body))
    try {
      return await within(this.#answerLimitMs, () => promise)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ETIMEDOUT') this.#socket.destroy(error as Error)
      throw error
    } finally {
      this.#rejects.delete(reject)
    }
  }

  async close(): Promise<void> {
    const error = (this.#error ??= connectionClosed('the connection was closed'))
    for (const reject of this.#rejects) reject(error)
    this.onClose()
    if (this.#socket.closed) return
    const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()))
    this.#socket.destroy()
    await closed
  }

  #receive(shared: Buffer, length: number): void {
    if (this.#keptBytes === 0) {
      const at = this.#deliverAll(shared, length)
      this.#keep(shared, at, length)
      return
    }
    this.#keep(shared, 0, length)
    if (this.#keptBytes < this.#neededBytes) return
    const at = this.#deliverAll(this.#kept, this.#keptBytes)
    this.#kept.copyWithin(0, at, this.#keptBytes)
    this.#keptBytes -= at
  }

  #keep(from: Buffer, at: number, end: number): void {
    this.#kept = appended(this.#kept, this.#keptBytes, from, at, end)
    this.#keptBytes += end - at
  }

  /** Delivers the answers that are whole. @returns where the next one begins, or the end after a fault. */
  #deliverAll(data: Buffer, end: number): number {
    let at = 0
    this.#neededBytes = 4
    while (end - at >= 4) {
      const sizeBytes = data.readInt32BE(at)
      if (sizeBytes < 4 || sizeBytes > largestAnswerBytes) {
        this.#socket.destroy(errorWithCode('INVALID_RESPONSE', `an answer of ${sizeBytes} bytes`))
        return end
      }
      if (end - at < 4 + sizeBytes) {
        this.#neededBytes = 4 + sizeBytes
        break
      }
      if (!this.#deliver(new Reader(data, at + 4, at + 4 + sizeBytes))) return end
      at += 4 + sizeBytes
    }
    return at
  }

  #deliver(answer: Reader): boolean {
    const receiver = this.#waiting[this.#oldest]
    const number = this.#numbers[this.#oldest++]
    if (this.#oldest === this.#waiting.length) {
      this.#waiting.length = this.#numbers.length = 0
      this.#oldest = 0
    } else if (this.#oldest === 1_024) {
      this.#waiting.splice(0, this.#oldest)
      this.#numbers.splice(0, this.#oldest)
      this.#oldest = 0
    }
    try {
      if (receiver === undefined || answer.int32() !== number)
        throw errorWithCode('INVALID_RESPONSE', 'an answer to a request that was not sent')
      receiver.received(answer)
      return this.#error === undefined
    } catch (error) {
      this.#socket.destroy(
        error instanceof RangeError ? errorWithCode('INVALID_RESPONSE', error.message) : (error as Error),
      )
      return false
    }
  }

  #break(error: Error): void {
    if (this.#error) return
    this.#error = error
    for (const reject of this.#rejects) reject(error)
    this.#onFault(error)
  }
}
