import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { errorWithCode } from '@cloudbench/driver-kit'

/** How the records of a batch are compressed. */
export interface Codec {
  /** As written in a batch's attributes. */
  readonly number: number
  compress(records: Uint8Array): Buffer
  decompress(packed: Uint8Array): Buffer
}

/** A batch is not decompressed beyond this: none of ours is larger. */
const largestBatchBytes = 256 * 1024 * 1024

const gzip: Codec = {
  number: 1,
  compress: (records) => gzipSync(records),
  decompress: (packed) => gunzipSync(packed, { maxOutputLength: largestBatchBytes }),
}

const zstd: Codec = {
  number: 4,
  compress: (records) => zstdCompressSync(records),
  decompress: (packed) => zstdDecompressSync(packed, { maxOutputLength: largestBatchBytes }),
}

/** The codecs that Node.js ships with. `none` has no codec. */
const codecs = { gzip, zstd } as const

export const compressions = ['none', 'gzip', 'zstd'] as const

export type Compression = (typeof compressions)[number]

export function codecOf(compression: Compression): Codec | undefined {
  return compression === 'none' ? undefined : codecs[compression]
}

const others: Readonly<Record<number, string>> = { 2: 'snappy', 3: 'lz4' }

/** Decompresses records by the number of their codec. @throws Error for one that Node.js does not have. */
export function decompress(number: number, packed: Buffer): Buffer {
  if (number === 0) return packed
  const codec = Object.values(codecs).find((known) => known.number === number)
  if (codec) return codec.decompress(packed)
  throw errorWithCode(
    'UNSUPPORTED_COMPRESSION_TYPE',
    `a batch is compressed with ${others[number] ?? `codec ${number}`}`,
  )
}
