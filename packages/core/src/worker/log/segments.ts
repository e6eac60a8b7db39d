import { crc32 } from 'node:zlib'
import { messageOf } from '../../errors.ts'
import { checkedFrom, frame, markFrame } from './layout.ts'

/** Like `fs.write` of one file. */
export type WriteFile = (
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number,
  done: (error: Error | null, written: number) => void,
) => void

/** One second of 50 000 requests a second. */
const segmentCount = 32
const segmentBytes = 128 * 1024

export interface SegmentSizes {
  readonly count: number
  readonly bytes: number
}

/** What became of the records of a log. */
export interface Written {
  /** Those that are in the file. */
  readonly records: number
  /** Those that are not. */
  readonly dropped: number
  readonly bytes: number
}

/**
 * A ring of segments in memory, each written to the file as a whole and from where it lies, one after another. When all
 * of them wait for the file, there is no room for more: nothing waits for the disk. A segment that could not be written
 * is tried again with every flush.
 */
export class Segments {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** Records of which there is no trace in memory. */
  dropped = 0
  /** Why the file did not take what it was given, the first time. */
  error: string | undefined
  /** The file has not answered yet. */
  isWriting = false
  readonly #write: WriteFile
  readonly #size: SegmentSizes
  readonly #lengths: Uint32Array
  /** Records up to the end of each segment. */
  readonly #ends: Float64Array
  #records = 0
  /** The number of the segment that is being filled, and of the first one that is not in the file. */
  #filling = 0
  #unwritten = 0
  /** Of the segment that is being filled, in `bytes`; nothing fits where none is free. */
  #start = -1
  #at = 0
  #end = 0
  /** How much of the segment that is being written is in the file, and where the file ends. */
  #progress = 0
  #position = 0
  #inFile = 0
  #settled = (): void => {}

  constructor(
    write: WriteFile,
    { count, bytes }: SegmentSizes = { count: segmentCount, bytes: segmentBytes },
  ) {
    this.#write = write
    this.#size = { count, bytes }
    this.#lengths = new Uint32Array(count)
    this.#ends = new Float64Array(count)
    this.bytes = new Uint8Array(count * bytes)
    this.view = new DataView(this.bytes.buffer)
    for (let slot = 0; slot < count; slot++) markFrame(this.bytes, slot * bytes)
  }

  /** The place for a record; -1 where there is none, and the record is dropped. */
  record(bytes: number): number {
    const at = this.reserve(bytes)
    if (at < 0) this.dropped++
    else this.#records++
    return at
  }

  /** The place for so many bytes; -1 where there is none. */
  reserve(bytes: number): number {
    if (this.#at + bytes > this.#end && !this.#next(bytes)) return -1
    const at = this.#at
    this.#at = at + bytes
    return at
  }

  get written(): Written {
    const dropped = this.dropped + this.#records - this.#inFile
    return { records: this.#inFile, dropped, bytes: this.#position - this.#progress }
  }

  /** Lets what has been recorded leave, unless the file is behind anyway. */
  flush(): void {
    if (this.#unwritten === this.#filling && this.#isBegun) this.#seal()
    this.#pump()
  }

  /** Resolves when everything is in the file, the file takes no more of it, or the time is over. */
  async drained(limitMs: number): Promise<boolean> {
    if (this.#isBegun) this.#seal()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, limitMs)
    this.#settled = resolve
    this.#pump()
    if (this.isWriting) await promise
    clearTimeout(timer)
    return this.#unwritten === this.#filling
  }

  /** Adds the segment that says that the log is whole. */
  end(): void {
    if (this.#next(0)) this.#seal()
  }

  /** Whether the segment has contents. */
  get #isBegun(): boolean {
    return this.#start >= 0 && this.#at > this.#start + frame.bytes
  }

  /** Goes on to an empty segment. False where none is free, or none is large enough. */
  #next(bytes: number): boolean {
    if (bytes > this.#size.bytes - frame.bytes) return false
    if (this.#isBegun) this.#seal()
    if (this.#filling - this.#unwritten === this.#size.count) return false
    this.#start = (this.#filling % this.#size.count) * this.#size.bytes
    this.#at = this.#start + frame.bytes
    this.#end = this.#start + this.#size.bytes
    return true
  }

  /** Ends the segment that is being filled, and hands it to the file. */
  #seal(): void {
    const slot = this.#filling % this.#size.count
    const start = this.#start
    const end = this.#at
    const { view, bytes } = this
    view.setUint32(start + frame.number, this.#filling)
    view.setUint32(start + frame.contents, end - start - frame.bytes)
    view.setFloat64(start + frame.records, this.#records)
    view.setFloat64(start + frame.dropped, this.dropped)
    view.setUint32(start + frame.crc, crc32(bytes.subarray(start + checkedFrom, end)))
    this.#lengths[slot] = end - start
    this.#ends[slot] = this.#records
    this.#filling++
    this.#start = -1
    this.#at = this.#end = 0
    this.#pump()
  }

  #pump(): void {
    if (this.isWriting || this.#unwritten === this.#filling) return
    const slot = this.#unwritten % this.#size.count
    const length = this.#lengths[slot]! - this.#progress
    this.isWriting = true
    this.#write(this.bytes, slot * this.#size.bytes + this.#progress, length, this.#position, this.#onWritten)
  }

  readonly #onWritten = (error: Error | null, written: number): void => {
    this.isWriting = false
    if (error || !(written > 0)) {
      this.error ??= error ? messageOf(error) : 'nothing was written'
      this.#settled()
      return
    }
    this.#position += written
    this.#progress += written
    const slot = this.#unwritten % this.#size.count
    if (this.#progress === this.#lengths[slot]) {
      this.#progress = 0
      this.#inFile = this.#ends[slot]!
      this.#unwritten++
    }
    if (this.#unwritten === this.#filling) this.#settled()
    else this.#pump()
  }
}
