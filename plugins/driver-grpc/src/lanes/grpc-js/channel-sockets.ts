import type { Socket } from 'node:net'
import type { Sockets } from '@cloudbench/core'
import { within } from '@cloudbench/driver-kit'

/** How long a server may take to end its side before a connection is cut. */
const closeLimitMs = 1_000

/** The TCP connections of a channel, which grpc-js opens, and opens again, by itself. */
export class ChannelSockets {
  readonly #count: Sockets
  readonly #open = new Set<Socket>()
  #onEmpty: (() => void) | undefined

  constructor(count: Sockets) {
    this.#count = count
  }

  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  add(socket: Socket): void {
    this.#count.opened()
    this.#open.add(socket)
    const remove = (): void => {
      if (!this.#open.delete(socket)) return
      this.#count.closed()
      if (this.isEmpty) this.#onEmpty?.()
    }
    if (socket.closed) remove()
    else socket.once('close', remove)
  }

  /** Waits a moment for the connections to end in good order. */
  async end(): Promise<void> {
    if (this.isEmpty) return
    // grpc-js lets a process end that has no call: not before they have ended
    for (const socket of this.#open) socket.ref()
    await within(closeLimitMs, () => new Promise<void>((resolve) => (this.#onEmpty = resolve))).catch(
      () => {},
    )
    this.cut()
  }

  cut(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
