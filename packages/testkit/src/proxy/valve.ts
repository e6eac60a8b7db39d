import type { Socket } from 'node:net'

/** Passes answers on to their sockets, or keeps them. */
export interface Valve {
  pass(to: Socket, chunk: Buffer): void
  /** How many chunks are kept. */
  readonly kept: number
  /** Keeps what comes from now on. */
  hold(): void
  /** Passes on what was kept so far, and goes on keeping. */
  flush(): void
  /** Passes on what was kept so far, and everything after it. */
  release(): void
}

export function createValve(): Valve {
  let kept: (readonly [Socket, Buffer])[] = []
  let isHolding = false
  const flush = (): void => {
    const chunks = kept
    kept = []
    for (const [socket, chunk] of chunks) if (!socket.destroyed) socket.write(chunk)
  }
  return {
    pass(socket, chunk) {
      if (isHolding) kept.push([socket, chunk])
      else socket.write(chunk)
    },
    get kept() {
      return kept.length
    },
    hold() {
      isHolding = true
    },
    flush,
    release() {
      isHolding = false
      flush()
    },
  }
}
