import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { startService } from '../src/index.ts'
import { stateFolder, withoutRedis } from './helpers.ts'

/** Local addresses, in the kernel's hexadecimal, that somebody listens on at this port. */
async function listeners(port: number): Promise<string[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  )
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hexPort}`))
    .map(([, local]) => local?.split(':')[0] ?? '')
}

describe.skipIf(withoutRedis || process.platform !== 'linux')('redis, seen through /proc/net', () => {
  test('it listens on 127.0.0.1 and nowhere else', async () => {
    const { url } = await startService('redis', { stateDir: await stateFolder(), how: 'local' })
    expect(await listeners(Number(new URL(url).port))).toEqual(['0100007F'])
  })
})
