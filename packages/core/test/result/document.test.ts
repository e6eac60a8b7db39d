import { execFileSync } from 'node:child_process'
import { truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { resultFile } from '../../src/result/file.ts'
import { readResult } from '../../src/result/read.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

let text: string
beforeAll(async () => {
  text = JSON.stringify(resultFile(await runSteady({ durationMs: 200 })))
})

/** A histogram as the format has it, with these counts in ZigZag LEB128. */
function hdrOf(counts: Buffer): string {
  const head = Buffer.alloc(40)
  head.writeUInt32BE(0x1c_84_93_13, 0)
  head.writeInt32BE(counts.length, 4)
  head.writeInt32BE(3, 12)
  head.writeBigInt64BE(1n, 16)
  const packed = deflateSync(Buffer.concat([head, counts]), { level: 9 })
  const cookie = Buffer.alloc(8)
  cookie.writeUInt32BE(0x1c_84_93_14, 0)
  cookie.writeInt32BE(packed.length, 4)
  return Buffer.concat([cookie, packed]).toString('base64')
}

/** The file with another histogram in every place. */
const withHistogram = (hdr: string): string => fileOf(text.replaceAll(/"hdr":"[^"]*"/g, `"hdr":"${hdr}"`))

describe('a crafted result file', () => {
  it.each<[what: string, hdr: () => string, why: RegExp]>([
    [
      'with a histogram that inflates to 200 MB',
      () => hdrOf(Buffer.alloc(200 * 2 ** 20, 2)),
      /scenarios\.0\.phases\.0\.\S+: a histogram cannot be read: it inflates to more than/,
    ],
    [
      'with a run of two thousand million slots without values',
      // -2 000 000 000 in ZigZag
      () => hdrOf(Buffer.from([0xff, 0xcf, 0xac, 0xf3, 0x0e])),
      /\S+: a histogram cannot be read: it has 2000000000 slots/,
    ],
    [
      'with a million slots of one value each',
      () => hdrOf(Buffer.alloc(40_000, 2)),
      /a histogram cannot be read: it has 31745 slots/,
    ],
    [
      'with a count beyond all bounds',
      () => hdrOf(Buffer.alloc(9, 0xff)),
      /a histogram cannot be read: a count is/,
    ],
    ['with a count that is cut off', () => hdrOf(Buffer.from([0x80])), /a count is cut off/],
  ])('%s is refused, with the place', async (_, hdr, why) => {
    await expect(readResult(withHistogram(hdr()))).rejects.toMatchObject({
      code: 'CB_RESULT_FILE',
      message: expect.stringMatching(why) as string,
    })
  })

  it('with thousands of histograms that inflate within their bounds is refused as a whole', async () => {
    const full = hdrOf(Buffer.concat([Buffer.alloc(31_743, 1), Buffer.from([2])]))
    const file = JSON.parse(text) as ReturnType<typeof resultFile>
    const [phase] = file.scenarios[0]!.phases
    const recorder = { count: 1, min: 1_099_000_000_000, max: 1_099_000_000_000, sum: 1.099e12, overflow: 0 }
    const recorders = Object.fromEntries(
      Array.from({ length: 1_999 }, (__, at) => [`r${at}`, { ...recorder, hdr: full }] as const),
    )
    Object.assign(phase!, { intervals: [phase!.intervals[0], phase!.intervals[0]] })
    for (const flow of [phase!.flows[0]!, phase!.intervals[0]!.flows[0]!]) Object.assign(flow, { recorders })
    await expect(readResult(fileOf(file))).rejects.toThrow(/recorders\.r\d+: .*it inflates to more than/)
  })

  it.each<[what: string, written: (text: string) => string, why: RegExp]>([
    ['of five million empty lists', () => `[${'[],'.repeat(2.5e6)}[]]`, /it has some 5\d{6} values/],
    ['nested a million deep', () => '['.repeat(1e6) + ']'.repeat(1e6), /nested more than 64 deep/],
    [
      'nested deeply in a fact',
      (from) => from.replace('"facts":{', `"facts":{"x":{"y":${'['.repeat(1e5)}${']'.repeat(1e5)}},`),
      /run\.machines\.0\.facts\.x\.y\.\S+: nested more than 64 deep/,
    ],
    [
      'with a key that changes what objects are made of',
      (from) => from.replace('"outcomes":{', '"outcomes":{"__proto__":{"count":5,"ok":true},'),
      /outcomes\.__proto__: not a name/,
    ],
    [
      'with a key that is there twice, of which readers disagree',
      (from) => from.replace('"exit":', String.raw`"ex\u0069t":1,"exit":`),
      /it has a key twice/,
    ],
    [
      'with a number beyond all bounds',
      (from) => from.replace(/"elapsedMs":[\d.]+/, '"elapsedMs":1e999'),
      /scenarios\.0\.phases\.0\.elapsedMs: a number beyond all bounds/,
    ],
    [
      'with a count that cannot be counted',
      (from) => from.replace(/"unsent":\d+/, '"unsent":1e300'),
      /scenarios\.0\.unsent/,
    ],
    ['with a negative count', (from) => from.replace(/"unsent":\d+/, '"unsent":-1'), /scenarios\.0\.unsent/],
    [
      'with a negative length of time',
      (from) => from.replace(/"elapsedMs":[\d.]+/, '"elapsedMs":-1'),
      /scenarios\.0\.phases\.0\.elapsedMs/,
    ],
  ])('%s is refused, with the place', async (_, written, why) => {
    await expect(readResult(fileOf(written(text)))).rejects.toMatchObject({
      code: 'CB_RESULT_FILE',
      message: expect.stringMatching(why) as string,
    })
  })

  it('larger than any result is refused before it is read', async () => {
    const path = fileOf(text)
    truncateSync(path, 2 ** 36)
    await expect(readResult(path)).rejects.toThrow(/it has 68719476736 bytes, more than the 67108864/)
  })

  it('that is a pipe or a device is refused, and not waited for', async () => {
    const pipe = join(dirname(fileOf('')), 'pipe')
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
    await expect(readResult(pipe)).rejects.toThrow(/it is not a regular file/)
    await expect(readResult('/dev/zero')).rejects.toThrow(/it is not a regular file/)
  })
})
