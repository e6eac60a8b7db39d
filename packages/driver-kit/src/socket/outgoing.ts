import type { Socket } from 'node:net'

/** A larger piece is not worth copying: it leaves on its own, after what came before it. */
const mergeLimitBytes = 65_536

const smallestRoomBytes = 4096
const largestRoomBytes = 262_144

/** Room that frames are laid out in. Over TLS it is in use until the write has ended. */
interface Room {
  readonly bytes: Buffer
  readonly release: () => void
}

/**
 * What a connection has to send and what leaves with one write: pieces that were given, and frames that are laid out in
 * place. A single piece leaves as it is; several are copied into one room, which is used again for the next write.
 */
export class Outgoing {
  /** Where `reserve` has made room. Another buffer after each `reserve` or `add`. */
  out: Buffer = Buffer.alloc(0)
  #room: Room | undefined
  #used = 0
  #roomBytes = smallestRoomBytes
  /** The only piece so far. */
  #single: Buffer | string | undefined
  /** Full rooms and large pieces, which leave before what is in `out`. */
  readonly #parts: Buffer[] = []
  readonly #free: Room[] = []

  get isEmpty(): boolean {
    return this.#single === undefined && this.#used === 0 && this.#parts.length === 0
  }

  /** Makes room for a frame, at the place in `out` that it returns. Its bytes have to be there before the turn ends. */
  reserve(bytes: number): number {
    if (this.#single !== undefined) this.#mergeSingle()
    if (bytes > this.out.length - this.#used) this.#makeRoom(bytes)
    const at = this.#used
    this.#used += bytes
    return at
  }

  add(piece: Buffer | string): void {
    if (this.isEmpty) {
      this.#single = piece
      return
    }
    if (this.#single !== undefined) this.#mergeSingle()
    this.#merge(piece)
  }

  /** Hands everything over to the socket, as one write where it is not large. */
  flush(socket: Socket, callback?: () => void): void {
    if (this.#single !== undefined) {
      const piece = this.#single
      this.#single = undefined
      socket.write(piece, callback)
    } else if (this.#parts.length === 0) this.#writeOut(socket, callback)
    else {
      socket.cork()
      for (const part of this.#parts) socket.write(part)
      this.#parts.length = 0
      if (this.#used > 0) this.#writeOut(socket, callback)
      else if (callback) socket.write('', callback)
      socket.uncork()
    }
  }

  #mergeSingle(): void {
    const piece = this.#single!
    this.#single = undefined
    this.#merge(piece)
  }

  #merge(piece: Buffer | string): void {
    if (typeof piece === 'string') {
      const bytes = Buffer.byteLength(piece)
      const at = this.reserve(bytes)
      this.out.write(piece, at, bytes)
      return
    }
    if (piece.length > mergeLimitBytes) {
      this.#closeRoom()
      this.#parts.push(piece)
      return
    }
    const at = this.reserve(piece.length)
    this.out.set(piece, at)
  }

  #writeOut(socket: Socket, callback?: () => void): void {
    const { out } = this
    const { release } = this.#room!
    const bytes = this.#used === out.length ? out : out.subarray(0, this.#used)
    this.#used = 0
    if ('encrypted' in socket) {
      this.#forgetRoom()
      socket.write(
        bytes,
        callback === undefined
          ? release
          : () => {
              release()
              callback()
            },
      )
      return
    }
    socket.write(bytes, callback)
    // the system has taken a copy unless its buffer is full
    if (socket.writableLength > 0) this.#forgetRoom()
  }

  #makeRoom(bytes: number): void {
    if (this.#room !== undefined && this.#used > 0) {
      this.#closeRoom()
      this.#roomBytes = Math.min(this.#roomBytes * 2, largestRoomBytes)
    }
    const free = this.#free.pop()
    this.#room = free !== undefined && free.bytes.length >= bytes ? free : this.#newRoom(bytes)
    this.out = this.#room.bytes
  }

  #newRoom(bytes: number): Room {
    const room: Room = {
      bytes: Buffer.allocUnsafeSlow(Math.max(bytes, this.#roomBytes)),
      release: () => {
        if (room.bytes.length === this.#roomBytes) this.#free.push(room)
      },
    }
    return room
  }

  #closeRoom(): void {
    if (this.#used > 0) this.#parts.push(this.out.subarray(0, this.#used))
    this.#used = 0
    this.#forgetRoom()
  }

  #forgetRoom(): void {
    this.#room = undefined
    this.out = Buffer.alloc(0)
  }
}
