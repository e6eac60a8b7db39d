import { getHashes } from 'node:crypto'
import { sizeBytesOf } from '@cloudbench/driver-kit'
import { z } from 'zod'

const sampling = {
  samples: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Samples in one request. Its statistics are computed from them'),
  callsPerSample: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .describe('Calls timed as one sample. Raise it for functions that take less than a microsecond'),
  subtractTimerOverhead: z
    .boolean()
    .default(false)
    .describe('Whether the cost of reading the clock is subtracted from samples of a single call'),
}

const largestBytes = 64 * 1024 ** 2

function size(defaultBytes: number) {
  return z
    .union([z.number(), z.string()])
    .transform((text, context) => {
      const bytes = sizeBytesOf(text)
      if (bytes !== undefined && bytes <= largestBytes) return bytes
      context.addIssue({ code: 'custom', message: 'is not a size up to 64MiB, such as 100, 1KB or 64KiB' })
      return z.NEVER
    })
    .default(defaultBytes)
}

export const serialiseOptions = z.strictObject({
  ...sampling,
  format: z.enum(['json', 'v8']).default('json').describe('JSON, or the structured clone of v8.serialize'),
  size: size(1024).describe('Minimum size of the object as JSON'),
})

export const hashOptions = z.strictObject({
  ...sampling,
  algorithm: z
    .string()
    .refine((name) => getHashes().includes(name), {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not a hash that this Node.js has, such as sha256, sha512 or md5`,
    })
    .default('sha256')
    .describe('OpenSSL name of the hash'),
  size: size(1024).describe('Bytes to hash'),
})

export const buffersOptions = z.strictObject({
  ...sampling,
  source: z
    .enum(['pool', 'alloc', 'allocUnsafe'])
    .default('pool')
    .describe('A pool of reused buffers, Buffer.alloc or Buffer.allocUnsafe'),
  size: size(65_536).describe('Size of every buffer'),
  held: z.int().min(1).max(10_000).default(16).describe('Buffers in use at once'),
})

export const moduleOptions = z.strictObject({
  ...sampling,
  file: z
    .string()
    .min(1)
    .describe('Path of the module. Relative paths start from the folder that cloudbench was started in'),
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
