import kafkajs, { type CompressionTypes } from 'kafkajs'
import { codecOf, numbered, type Compression } from '../../wire/compression.ts'

/** By their numbers in the protocol, which are kafkajs' own. */
const types = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  snappy: kafkajs.CompressionTypes.Snappy,
  lz4: kafkajs.CompressionTypes.LZ4,
  zstd: kafkajs.CompressionTypes.ZSTD,
} as const

const registered: Record<number, () => unknown> = kafkajs.CompressionCodecs

/** The type of a compression, after its codec was registered. @throws Error when this machine has no such codec. */
export function useCodec(compression: Compression): CompressionTypes {
  register(compression)
  return types[compression]
}

/** What a topic holds may have any compression: registers all that this machine has. */
export function useAllCodecs(): void {
  for (const compression of numbered)
    try {
      register(compression)
    } catch {
      // kafkajs names it when it is needed
    }
}

/** kafkajs brings gzip; other codecs are registered, as its documentation says. */
function register(compression: Compression): void {
  if (compression === 'none' || compression === 'gzip') return
  const codec = codecOf(compression)!
  registered[types[compression]] = () => ({
    compress: async ({ buffer }: { readonly buffer: Buffer }) => codec.compress(buffer),
    decompress: async (packed: Buffer) => codec.decompress(packed),
  })
}
