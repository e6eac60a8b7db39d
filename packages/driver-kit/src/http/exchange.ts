import type { Slot } from '@cloudbench/core'
import type { Composed, Frame } from './frame.ts'
import type { RequestWriter } from './request.ts'

/** One request and its answer. Made once, and used for one request after another. */
export class Exchange<Writer extends RequestWriter> implements Composed {
  readonly writer: Writer
  slot: Slot | undefined
  frame: Frame
  start: Buffer | string = ''
  rest: Buffer | undefined
  bodyBytes = 0
  index = 0
  traceAt = 0
  /** How often it has left. */
  departures = 0
  /** When it left last; only where the head of an answer has a limit. */
  sentMs = 0
  readonly #frames: readonly Frame[]

  constructor(writer: Writer, frames: readonly Frame[]) {
    this.writer = writer
    this.#frames = frames
    this.frame = frames[0]!
  }

  /** Composes the next request. */
  begin(slot: Slot): void {
    this.slot = slot
    this.departures = 0
    this.frame = this.#frames[this.writer.next(slot)]!
    this.frame.compose(slot, this)
  }
}
