import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { messageOf } from '@cloudbench/core'
import { checkedFrom, frame, frameStart } from '@cloudbench/core/log'
import { Damage } from './header.ts'

/** Ours have 128 KiB, but for a header with more names than that. */
const largest = 16 * 2 ** 20

/** A part of a log that was written as a whole. */
export interface Segment {
  readonly contents: Buffer
  /** Counted from the beginning of the log. */
  readonly records: number
  readonly dropped: number
}

/** Opens a log. A pipe is none: it cannot be read twice, and opening it would wait for a writer. */
export async function openLogFile(path: string): Promise<FileHandle> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    throw new Damage(messageOf(cause))
  }
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw new Damage('it is not a regular file')
}

/**
 * The segments of a file, one after another. Ends with the segment that says that the log is whole, which has no
 * contents; throws a `Damage` where the file is damaged, or ends before that.
 */
export async function* segmentsOf(file: FileHandle): AsyncGenerator<Segment> {
  let position = 0
  for (let number = 0; ; number++) {
    const head = await read(file, position, frame.bytes)
    if (head.length === 0 && number > 0)
      throw new Damage(
        'its end is missing: the run still goes on, or its worker was killed, and what it had not flushed is lost',
      )
    const start = Math.min(head.length, frameStart.length)
    if (number === 0 && (start === 0 || !head.subarray(0, start).equals(frameStart.subarray(0, start))))
      throw new Damage(start === 0 ? 'it is empty' : 'it is not a request log')
    if (head.length < frame.bytes) throw torn(position, head.length)
    const length = head.readUInt32BE(frame.contents)
    const isFrame = head.subarray(0, frameStart.length).equals(frameStart)
    if (!isFrame || head.readUInt32BE(frame.number) !== number || length > largest)
      throw new Damage(`it is damaged at byte ${position}: there is no segment ${number}`)
    const contents = await read(file, position + frame.bytes, length)
    if (contents.length < length) throw torn(position, frame.bytes + contents.length)
    const checksum = crc32(contents, crc32(head.subarray(checkedFrom)))
    if (checksum !== head.readUInt32BE(frame.crc))
      throw new Damage(`it is damaged at byte ${position}: the checksum of segment ${number} does not match`)
    yield { contents, records: head.readDoubleBE(frame.records), dropped: head.readDoubleBE(frame.dropped) }
    if (length === 0) return
    position += frame.bytes + length
  }
}

function torn(position: number, bytes: number): Damage {
  return new Damage(
    `its last ${bytes} bytes, from byte ${position} on, are a part of a segment: its worker was killed while it wrote them`,
  )
}

/** So many bytes, or those that there are. */
async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let at = 0
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, position + at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}
