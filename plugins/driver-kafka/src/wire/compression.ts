import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { errorWithCode } from '@cloudbench/driver-kit'
import { openLz4 } from './lz4.ts'
import { openSnappy } from './snappy.ts'

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

/** Opened when they are first needed: those that Node.js lacks are native modules. */
const openers = {
  gzip: () => gzip,
  snappy: () => openSnappy(largestBatchBytes),
  lz4: () => openLz4(largestBatchBytes),
  zstd: () => zstd,
} as const

type Packing = keyof typeof openers

/** In the order of their numbers: a batch's attributes say which one it has. */
export const numbered = ['gzip', 'snappy', 'lz4', 'zstd'] as const satisfies readonly Packing[]

export const compressions = ['none', ...numbered] as const

export type Compression = (typeof compressions)[number]

const opened = new Map<Packing, Codec>()

/** `none` has no codec. @throws Error with a code when this machine has no such codec. */
export function codecOf(compression: Compression): Codec | undefined {
  if (compression === 'none') return undefined
  const known = opened.get(compression)
  if (known) return known
  try {
    const codec = openers[compression]()
    opened.set(compression, codec)
    return codec
  } catch (cause) {
    throw unsupported(`${compression} cannot be used on this machine: ${(cause as Error).message}`, cause)
  }
}

/**
 * Decompresses records by the number of their codec.
 * @throws Error with a code for a codec that is unknown, and for records that it did not compress.
 */
export function decompress(number: number, packed: Buffer): Buffer {
  if (number === 0) return packed
  const compression = numbered[number - 1]
  if (compression === undefined) throw unsupported(`a batch is compressed with the unknown codec ${number}`)
  const codec = codecOf(compression)!
  try {
    return codec.decompress(packed)
  } catch (cause) {
    throw errorWithCode(
      'CORRUPT_MESSAGE',
      `a batch is not valid ${compression}: ${(cause as Error).message}`,
      cause,
    )
  }
}

/** Whether the value of a topic's setting `compression.type` leaves batches that can be read here. */
export function isReadable(compressionType: string): boolean {
  // as producers send them, or not at all
  if (compressionType === 'producer' || compressionType === 'uncompressed') return true
  const compression = numbered.find((name) => name === compressionType)
  if (compression === undefined) return false
  try {
    codecOf(compression)
    return true
  } catch {
    return false
  }
}

function unsupported(message: string, cause?: unknown): Error {
  return errorWithCode('UNSUPPORTED_COMPRESSION_TYPE', message, cause)
}
