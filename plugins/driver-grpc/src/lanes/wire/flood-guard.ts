import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'

/** What a server may say in a row without getting on with any call. */
const framesInRow = 10_000
const spanMs = 10_000

/** Ends a connection whose server keeps us busy with frames that are no answers. */
export class FloodGuard {
  #frames = 0
  #sinceMs = 0

  /** A call has got on. */
  reset(): void {
    this.#frames = 0
  }

  /** @throws ProtocolFault for too many in a short time. */
  count(): void {
    if (this.#frames === 0) this.#sinceMs = performance.now()
    if (++this.#frames < framesInRow) return
    if (performance.now() - this.#sinceMs < spanMs)
      throw new ProtocolFault(`${framesInRow} frames in a row that are no answer`, errorCode.enhanceYourCalm)
    this.#frames = 0
  }
}
