import { readdir, readFile, readlink } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { startService } from '../../src/index.ts'
import { stateFolder, withoutKafka, withoutPostgres, withoutRedis } from '../helpers.ts'

/** Inodes of the sockets that a process has open. */
async function socketsOf(pid: number): Promise<Set<string>> {
  const links = (await readdir(`/proc/${pid}/fd`)).map((fd) =>
    readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
  )
  return new Set((await Promise.all(links)).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
}

/** Local addresses, in the kernel's hexadecimal, that this process listens on. */
async function listeners(pid: number): Promise<string[]> {
  const sockets = await socketsOf(pid)
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  )
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
    .map(([, local]) => local?.split(':')[0] ?? '')
}

/** As IPv4 has it, and as IPv6 maps it. */
const loopback = /^(0000000000000000FFFF0000)?0100007F$/

describe.skipIf(process.platform !== 'linux')('seen through /proc/net', () => {
  test.each([
    ['redis', withoutRedis, 1],
    ['kafka', withoutKafka, 2],
    ['postgres', withoutPostgres, 1],
  ] as const)(
    '%s listens on 127.0.0.1 and nowhere else',
    { timeout: 120_000 },
    async (name, without, ports) => {
      if (without) return
      const { pid } = await startService(name, { stateDir: await stateFolder(), how: 'local' })
      const addresses = await listeners(pid ?? 0)
      expect(addresses).toHaveLength(ports)
      for (const address of addresses) expect(address).toMatch(loopback)
    },
  )
})
