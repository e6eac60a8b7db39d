import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { checkedFrom, frame, frameStart } from '../../../src/worker/log/layout.ts'
import { Segments, type WriteFile } from '../../../src/worker/log/segments.ts'

const size = 40
/** Three records fit into a segment. */
const sizes = { count: 4, bytes: frame.bytes + 3 * size }

/** A file in memory that answers when it is told to, and takes as much as it is told to. */
function slowFile() {
  const content = Buffer.alloc(10_000)
  const waiting: (() => void)[] = []
  let length = 0
  let most = Infinity
  let error: Error | null = null
  const write: WriteFile = (bytes, offset, wanted, position, done) => {
    waiting.push(() => {
      if (error) {
        done(error, 0)
        return
      }
      const taken = Math.min(wanted, most)
      content.set(bytes.subarray(offset, offset + taken), position)
      length = Math.max(length, position + taken)
      done(null, taken)
    })
  }
  return {
    write,
    get content() {
      return content.subarray(0, length)
    },
    get asked() {
      return waiting.length
    },
    answer: () => waiting.shift()?.(),
    answerAll() {
      while (waiting.length > 0) waiting.shift()!()
    },
    takes: (bytes: number) => void (most = bytes),
    fails: (why: string | undefined) => void (error = why === undefined ? null : new Error(why)),
  }
}

/** Records with the given numbers. */
function put(segments: Segments, numbers: readonly number[]): number {
  let taken = 0
  for (const number of numbers) {
    const at = segments.record(size)
    if (at < 0) continue
    segments.view.setFloat64(at, number)
    taken++
  }
  return taken
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

/** What is in the segments of a file, whose frames must be right. */
function read(content: Buffer): number[] {
  const numbers: number[] = []
  let at = 0
  for (let number = 0; at < content.length; number++) {
    expect(content.subarray(at, at + frameStart.length)).toEqual(frameStart)
    expect(content.readUInt32BE(at + frame.number)).toBe(number)
    const end = at + frame.bytes + content.readUInt32BE(at + frame.contents)
    expect(content.readUInt32BE(at + frame.crc)).toBe(crc32(content.subarray(at + checkedFrom, end)))
    for (let place = at + frame.bytes; place < end; place += size) numbers.push(content.readDoubleBE(place))
    expect(content.readDoubleBE(at + frame.records)).toBe(numbers.length)
    at = end
  }
  return numbers
}

test('what is recorded is written in order, one segment at a time', async () => {
  const file = slowFile()
  const segments = new Segments(file.write, sizes)
  put(segments, upTo(7))
  expect(file.asked).toBe(1)
  const drained = segments.drained(60_000)
  file.answerAll()
  expect(await drained).toBe(true)
  expect(read(file.content)).toEqual(upTo(7))
  expect(segments.written).toEqual({ records: 7, dropped: 0, bytes: file.content.length })
})

test('a segment that is not full leaves with a flush, unless the file is behind', () => {
  const file = slowFile()
  const segments = new Segments(file.write, sizes)
  put(segments, [1])
  expect(file.asked).toBe(0)
  segments.flush()
  expect(file.asked).toBe(1)
  put(segments, [2])
  segments.flush()
  file.answer()
  expect(read(file.content)).toEqual([1])
  segments.flush()
  file.answerAll()
  expect(read(file.content)).toEqual([1, 2])
})

test('while the file takes nothing, the ring fills, and what has no place is counted', async () => {
  const file = slowFile()
  const segments = new Segments(file.write, sizes)
  expect(put(segments, upTo(20))).toBe(12)
  expect(segments.written).toEqual({ records: 0, dropped: 20, bytes: 0 })
  expect(segments.dropped).toBe(8)
  file.answerAll()
  expect(put(segments, [99])).toBe(1)
  const drained = segments.drained(60_000)
  file.answerAll()
  await drained
  expect(read(file.content)).toEqual([...upTo(12), 99])
  expect(segments.written).toMatchObject({ records: 13, dropped: 8 })
  // those that know of the loss say so
  expect(file.content.readDoubleBE(file.content.length - size - frame.bytes + frame.dropped)).toBe(8)
})

test('a write that takes a part goes on with the rest', async () => {
  const file = slowFile()
  file.takes(7)
  const segments = new Segments(file.write, sizes)
  put(segments, upTo(5))
  const drained = segments.drained(60_000)
  file.answerAll()
  expect(await drained).toBe(true)
  expect(read(file.content)).toEqual(upTo(5))
})

test('a write that fails is tried again, and nothing of what has a place is lost', async () => {
  const file = slowFile()
  file.fails('no space left on device')
  const segments = new Segments(file.write, sizes)
  put(segments, upTo(10))
  file.answerAll()
  expect(segments.error).toBe('no space left on device')
  expect(segments.written).toEqual({ records: 0, dropped: 10, bytes: 0 })
  file.fails(undefined)
  segments.flush()
  file.answerAll()
  const drained = segments.drained(60_000)
  file.answerAll()
  expect(await drained).toBe(true)
  expect(read(file.content)).toEqual(upTo(10))
  expect(segments.written).toMatchObject({ records: 10, dropped: 0 })
})

test('a write that takes nothing is a failure, not a reason to try for ever', () => {
  const file = slowFile()
  file.takes(0)
  const segments = new Segments(file.write, sizes)
  put(segments, upTo(4))
  file.answer()
  expect(file.asked).toBe(0)
  expect(segments.error).toBe('nothing was written')
})

test('a file that hangs keeps it waiting no longer than it may', async () => {
  const file = slowFile()
  const segments = new Segments(file.write, sizes)
  put(segments, [1])
  expect(await segments.drained(1)).toBe(false)
  expect(segments.isWriting).toBe(true)
  expect(segments.written).toMatchObject({ records: 0, dropped: 1 })
})

test('the last segment has no contents', async () => {
  const file = slowFile()
  const segments = new Segments(file.write, sizes)
  put(segments, [1])
  const drained = segments.drained(60_000)
  file.answerAll()
  await drained
  segments.end()
  file.answerAll()
  expect(file.content.readUInt32BE(file.content.length - frame.bytes + frame.contents)).toBe(0)
  expect(read(file.content)).toEqual([1])
})

test('what is larger than a segment has no place', () => {
  const segments = new Segments(slowFile().write, sizes)
  expect(segments.reserve(3 * size + 1)).toBe(-1)
  expect(segments.reserve(3 * size)).toBe(frame.bytes)
})
