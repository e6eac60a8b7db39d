import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'

/** A server is not trusted: a small body may become a very large one. */
const limits = { maxOutputLength: 64 * 1_048_576 }

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  br: (body) => brotliDecompressSync(body, limits),
  deflate: (body) => inflateSync(body, limits),
  gzip: (body) => gunzipSync(body, limits),
  identity: (body) => body,
  'x-gzip': (body) => gunzipSync(body, limits),
  zstd: (body) => zstdDecompressSync(body, limits),
}

/** A body without its `content-encoding`; undefined when that is unknown, or not true. */
export function decoded(body: Buffer, encoding: string): Buffer | undefined {
  let bytes = body
  try {
    // the last one was applied last
    for (const name of encoding.toLowerCase().split(',').toReversed()) bytes = decoders[name.trim()]!(bytes)
    return bytes
  } catch {
    return undefined
  }
}
