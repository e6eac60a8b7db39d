import { getHashes } from 'node:crypto'
import { z } from 'zod'
import { sizeBytesOf } from './size.ts'

const sampling = {
  samples: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Samples of one request, from which its statistics are taken'),
  callsPerSample: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .describe('Calls that are timed as one. Raise it for what takes less than a microsecond'),
  subtractTimerOverhead: z
    .boolean()
    .default(false)
    .describe('Whether the time that reading the clock takes is subtracted from every sample of one call'),
}

function size(defaultBytes: number) {
  return z
    .union([z.number(), z.string()])
    .transform((text, context) => {
      const bytes = sizeBytesOf(text)
      if (bytes !== undefined) return bytes
      context.addIssue({ code: 'custom', message: 'is not a size up to 64MiB, such as 100, 1KB or 64KiB' })
      return z.NEVER
    })
    .default(defaultBytes)
}

export const serialiseOptions = z.strictObject({
  ...sampling,
  format: z.enum(['json', 'v8']).default('json').describe('JSON, or the structured clone of v8.serialize'),
  size: size(1024).describe('Bytes of the object as JSON, at least'),
})

export const hashOptions = z.strictObject({
  ...sampling,
  algorithm: z
    .string()
    .refine((name) => getHashes().includes(name), {
      error: ({ input }) =>
        `${JSON.stringify(input)} is not a hash of this Node.js, such as sha256, sha512 or md5`,
    })
    .default('sha256')
    .describe('The name of a hash, as OpenSSL has it'),
  size: size(1024).describe('Bytes that are hashed'),
})

export const buffersOptions = z.strictObject({
  ...sampling,
  source: z
    .enum(['pool', 'alloc', 'allocUnsafe'])
    .default('pool')
    .describe('A pool of buffers that are used again, Buffer.alloc or Buffer.allocUnsafe'),
  size: size(65_536).describe('Bytes of every buffer'),
  held: z.int().min(1).max(10_000).default(16).describe('Buffers that are in use at once'),
})

export const moduleOptions = z.strictObject({
  ...sampling,
  file: z
    .string()
    .min(1)
    .describe('The module. Relative paths start from the folder that cloudbench was started in'),
  function: z
    .string()
    .min(1)
    .default('default')
    .describe('The name of an exported function, which is called without arguments'),
})

export type SerialiseOptions = z.output<typeof serialiseOptions>
export type HashOptions = z.output<typeof hashOptions>
export type BuffersOptions = z.output<typeof buffersOptions>
export type ModuleOptions = z.output<typeof moduleOptions>
export type SamplingOptions = Pick<SerialiseOptions, 'samples' | 'callsPerSample' | 'subtractTimerOverhead'>
