import { getHashes } from 'node:crypto'
import { count, options, size } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'

const sampling = {
  samples: count({ max: 100_000 })
    .default(100)
    .describe('Samples in one request. Its statistics are computed from them'),
  callsPerSample: count({ max: 1_000_000 })
    .default(1)
    .describe('Calls timed as one sample. Raise it for functions that take less than a microsecond'),
  subtractTimerOverhead: z
    .boolean()
    .default(false)
    .describe('Whether the cost of reading the clock is subtracted from samples of a single call'),
}

const bytes = size({ max: 64 * 1024 ** 2 })

export const serialiseOptions = options({
  ...sampling,
  format: z.enum(['json', 'v8']).default('json').describe('JSON, or the structured clone of v8.serialize'),
  size: bytes.default(1024).describe('Minimum size of the object as JSON'),
})

export const hashOptions = options({
  ...sampling,
  algorithm: z
    .string()
    .refine((name) => getHashes().includes(name), {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not a hash that this Node.js has, such as sha256, sha512 or md5`,
    })
    .default('sha256')
    .describe('OpenSSL name of the hash'),
  size: bytes.default(1024).describe('Bytes to hash'),
})

export const buffersOptions = options({
  ...sampling,
  source: z
    .enum(['pool', 'alloc', 'allocUnsafe'])
    .default('pool')
    .describe('A pool of reused buffers, Buffer.alloc or Buffer.allocUnsafe'),
  size: bytes.default(65_536).describe('Size of every buffer'),
  held: count({ max: 10_000 }).default(16).describe('Buffers in use at once'),
})

export const moduleOptions = options({
  ...sampling,
  file: z
    .string()
    .min(1)
    .describe('Path of the module. Relative paths start from the folder of the configuration'),
  function: z
    .string()
    .min(1)
    .default('default')
    .describe('Name of an exported function. It is called without arguments'),
})

export type SerialiseOptions = z.output<typeof serialiseOptions>
export type HashOptions = z.output<typeof hashOptions>
export type BuffersOptions = z.output<typeof buffersOptions>
export type ModuleOptions = z.output<typeof moduleOptions>
export type SamplingOptions = Pick<SerialiseOptions, 'samples' | 'callsPerSample' | 'subtractTimerOverhead'>
