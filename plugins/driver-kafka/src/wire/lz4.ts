import { createRequire } from 'node:module'
import type { Codec } from './compression.ts'

const load = createRequire(import.meta.url)

const magic = 0x184d2204
/** Of the flags in a frame's header. */
const flags = { blockChecksums: 0x10, contentSize: 0x08, dictionary: 0x01 } as const
/** In the size of a block: it is stored as it is. */
const isStored = 0x8000_0000

/** LZ4 in its frame format. @throws Error when this platform has no such module. */
export function openLz4(limitBytes: number): Codec {
  const { compressFrameSync, decompressFrameSync } = load('lz4-napi') as typeof import('lz4-napi')
  return {
    number: 3,
    compress: (records) => compressFrameSync(bufferOf(records)),
    decompress(packed) {
      const frame = bufferOf(packed)
      const mostBytes = largestContentOf(frame)
      // a frame can grow 255 times, and the module has no limit
      if (mostBytes > limitBytes) throw new RangeError(`it may have up to ${mostBytes} bytes`)
      return decompressFrameSync(frame)
    },
  }
}

/** How large the content of a frame can be at most, by its blocks. */
function largestContentOf(frame: Buffer): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== magic) throw new RangeError('it is not an LZ4 frame')
  const flag = frame[4]!
  const largestBlock = 256 * 4 ** ((frame[5]! >>> 4) & 7)
  let at = 7
  if ((flag & flags.contentSize) !== 0) at += 8
  if ((flag & flags.dictionary) !== 0) at += 4
  let most = 0
  for (;;) {
    const size = frame.readUInt32LE(at)
    // the end mark
    if (size === 0) return most
    const stored = size & ~isStored
    most += (size & isStored) === 0 ? Math.min(largestBlock, stored * 255) : stored
    at += 4 + stored + ((flag & flags.blockChecksums) === 0 ? 0 : 4)
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}
