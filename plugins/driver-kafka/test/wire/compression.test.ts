import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { describe, expect, test } from 'vitest'
import { codecOf, compressions, decompress, isReadable } from '../../src/wire/compression.ts'

const packings = compressions.filter((name) => name !== 'none')

describe.each(packings)('%s', (name) => {
  const codec = codecOf(name)!

  test('what was compressed is what comes back, whatever its size', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.uint8Array({ maxLength: 300 }), (length, pattern) => {
        const records = Buffer.alloc(length, pattern.length > 0 ? pattern : 'x')
        expect(decompress(codec.number, codec.compress(records)).equals(records)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('what is cut off or damaged is corrupt', () => {
    const packed = codec.compress(Buffer.alloc(10_000, 'abcdefgh'))
    for (const damaged of [packed.subarray(0, -3), Buffer.alloc(64, 0xff), Buffer.alloc(0)])
      expect(() => decompress(codec.number, damaged)).toThrow(
        expect.objectContaining({ code: 'CORRUPT_MESSAGE' }),
      )
  })

  test('a topic in it can be read', () => expect(isReadable(name)).toBe(true))
})

test('snappy without the header of Java is read as well', () => {
  const records = Buffer.from('records '.repeat(500))
  expect(decompress(2, compressSync(records)).equals(records)).toBe(true)
})

test('lz4 with checksums is read as well', () => {
  const records = Buffer.from('records '.repeat(50_000))
  const packed = compressFrameSync(records, { contentChecksum: true, blockChecksums: true })
  expect(decompress(3, packed).equals(records)).toBe(true)
})

test('snappy that promises more than a batch can hold is refused before memory is taken for it', () => {
  // a length of 4 GiB - 1
  const bomb = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0])
  expect(() => decompress(2, bomb)).toThrow(/is not valid snappy: it would have 4294967295 bytes/)
})

test('lz4 that may grow beyond what a batch can hold is refused', () => {
  const head = compressFrameSync(Buffer.alloc(5 * 1024 * 1024)).subarray(0, 7)
  const block = Buffer.alloc(4 + 40_000)
  block.writeUInt32LE(40_000)
  const bomb = Buffer.concat([head, ...Array.from({ length: 100 }, () => block), Buffer.alloc(4)])
  expect(() => decompress(3, bomb)).toThrow(/is not valid lz4: it may have up to \d+ bytes/)
})

test('a codec that does not exist is named', () => {
  expect(() => decompress(6, Buffer.alloc(1))).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED_COMPRESSION_TYPE',
      message: expect.stringContaining('codec 6') as string,
    }),
  )
  expect(isReadable('brotli')).toBe(false)
  for (const setting of ['producer', 'uncompressed']) expect(isReadable(setting)).toBe(true)
})

test('no native module is loaded unless its codec is used', () => {
  const script = `await import(${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)})
    const { createRequire } = await import('node:module')
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.endsWith('.node')).length)`
  const conditions = ['--conditions=@cloudbench/source', '--input-type=module', '-e']
  expect(execFileSync(process.execPath, [...conditions, script], { encoding: 'utf8' })).toBe('0\n')
})
