import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from '@cloudbench/testkit/flow'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import driver from '../../src/index.ts'
import { onClients } from '../fixtures/flow.ts'
import { httpServer } from '../servers/http.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudbench-body-'))
  return () => rmSync(folder, { recursive: true })
})

onClients((requestFlow) => {
  /** What a server gets for requests with this file. */
  async function received(path: string, count = 1) {
    const { target, seen } = await httpServer()
    const flow = requestFlow(target, { method: 'POST', bodyFile: path }, { folder })
    await flow.sendAll(await flow.open(), count)
    expect(flow.bytes.sent).toBe(seen.reduce((sum, { bytes }) => sum + bytes.length, 0))
    return seen
  }

  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

  test.for([
    ['every byte there is', everyByte],
    ['no valid UTF-8', Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x80])],
    ['a byte order mark and a line end', Buffer.from('\ufefftext\r\n')],
    ['what elsewhere is generated', Buffer.from('${uuid} $${ ${env:HOME}')],
    ['more than fits in one write', Buffer.concat(Array.from({ length: 1_000 }, () => everyByte))],
    ['nothing', Buffer.alloc(0)],
  ] as const)('a file with %s is sent as it is', async ([, bytes]) => {
    writeFileSync(join(folder, 'body.bin'), bytes)
    const bodies = await received('body.bin', 3)
    expect(bodies).toHaveLength(3)
    for (const seen of bodies) {
      expect(seen.bytes.equals(bytes)).toBe(true)
      expect(seen.headers['content-length']).toBe(String(bytes.length))
    }
  })

  test('an absolute path is one', async () => {
    writeFileSync(join(folder, 'absolute.bin'), everyByte)
    expect((await received(join(folder, 'absolute.bin')))[0]!.bytes.equals(everyByte)).toBe(true)
  })

  describe('a file that cannot be read ends the run before the load', () => {
    test.for([
      ['missing.bin', /missing\.bin \(bodyFile\) cannot be read: ENOENT/],
      ['.', /cannot be read: it is a folder/],
      ['pipe', /pipe \(bodyFile\) cannot be read: it is a pipe/],
      ['huge.bin', /huge\.bin \(bodyFile\) has .*GB/],
    ] as const)('%s', async ([path, message]) => {
      if (path === 'pipe') {
        execFileSync('mkfifo', [join(folder, path)])
        onTestFinished(() => rmSync(join(folder, path)))
      }
      if (path === 'huge.bin') {
        writeFileSync(join(folder, path), '')
        // no byte of it takes up space
        truncateSync(join(folder, path), 5_000_000_000)
        onTestFinished(() => rmSync(join(folder, path)))
      }
      const flow = requestFlow('http://127.0.0.1:9', { method: 'POST', bodyFile: path }, { folder })
      await expect(flow.open()).rejects.toMatchObject({
        code: 'CB_PLUGIN_OPTIONS',
        message: expect.stringMatching(message) as string,
        expected: expect.any(String) as string,
      })
    })
  })

  test('body and bodyFile exclude each other', async () => {
    await expect(parse(driver, { body: 'x', bodyFile: 'y' }, 'request')).rejects.toThrow(
      'option "bodyFile": body and bodyFile exclude each other',
    )
  })
})
