import { createRequire } from 'node:module'
import type { Codec } from './compression.ts'
import { readVaruint } from './varint.ts'

const load = createRequire(import.meta.url)

/** Snappy as Java writes it: a header, then blocks with their length. Others write a single block without a header. */
const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])
const magicBytes = 8
/** Of records, in one block: as much as Java takes. */
const blockBytes = 32 * 1024

/** @throws Error when this platform has no such module. */
export function openSnappy(limitBytes: number): Codec {
  const { compressSync, uncompressSync } = load('snappy') as typeof import('snappy')
  return {
    number: 2,
    compress(records) {
      const parts: Buffer[] = [header]
      for (let at = 0; at < records.length; at += blockBytes) {
        const block = compressSync(records.subarray(at, at + blockBytes))
        const size = Buffer.allocUnsafe(4)
        size.writeUInt32BE(block.length)
        parts.push(size, block)
      }
      return Buffer.concat(parts)
    },
    decompress(packed) {
      const blocks = blocksIn(Buffer.from(packed.buffer, packed.byteOffset, packed.length))
      let promised = 0
      for (const block of blocks) promised += readVaruint({ buffer: block, at: 0 })
      // memory for it is taken before the first byte is looked at
      if (promised > limitBytes) throw new RangeError(`it would have ${promised} bytes`)
      return Buffer.concat(blocks.map((block) => uncompressSync(block) as Buffer))
    },
  }
}

function blocksIn(packed: Buffer): readonly Buffer[] {
  if (!packed.subarray(0, magicBytes).equals(header.subarray(0, magicBytes))) return [packed]
  const blocks: Buffer[] = []
  for (let at = header.length; at < packed.length;) {
    const end = at + 4 + packed.readUInt32BE(at)
    if (end > packed.length) throw new RangeError('a block is cut off')
    blocks.push(packed.subarray(at + 4, end))
    at = end
  }
  return blocks
}
