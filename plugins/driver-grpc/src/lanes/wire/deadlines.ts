import type { WireCall } from './wire-call.ts'

/** Ends calls that have taken too long. All calls have the same time, so one timer does for all of them. */
export class Deadlines {
  readonly #durationMs: number
  readonly #calls: readonly WireCall[]
  readonly #look: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(durationMs: number, calls: readonly WireCall[]) {
    this.#durationMs = durationMs
    this.#calls = calls
    this.#look = () => {
      this.#timer = undefined
      const nowMs = performance.now()
      // first those that wait for a stream: they must not be sent when the others leave theirs
      for (const call of this.#calls) if (call.deadlineMs <= nowMs && call.stream === 0) call.expire()
      for (const call of this.#calls) if (call.deadlineMs <= nowMs) call.expire()
      let nextMs = Infinity
      for (const call of this.#calls) nextMs = Math.min(nextMs, call.deadlineMs)
      if (nextMs < Infinity) this.#arm(nextMs - nowMs)
    }
  }

  /** A call has begun. */
  note(): void {
    if (this.#timer === undefined) this.#arm(this.#durationMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #arm(durationMs: number): void {
    // a timer may fire a moment early
    this.#timer ??= setTimeout(this.#look, Math.max(1, Math.ceil(durationMs)))
  }
}
