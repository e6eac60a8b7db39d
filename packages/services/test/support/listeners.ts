import { readdir, readFile, readlink } from 'node:fs/promises'

/** Inodes of the sockets that a process has open. */
async function socketsOf(pid: number): Promise<Set<string>> {
  const links = (await readdir(`/proc/${pid}/fd`)).map((fd) =>
    readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''),
  )
  return new Set((await Promise.all(links)).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
}

/** As the kernel writes it: 127.0.0.1, in IPv4 and mapped into IPv6. */
const loopback = /^(0000000000000000FFFF0000)?0100007F$/

/** The addresses a process listens on: `loopback` for 127.0.0.1, the kernel's hexadecimal for any other. Linux only. */
export async function listenersOf(pid: number): Promise<string[]> {
  const sockets = await socketsOf(pid)
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  )
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
    .map(([, local]) => local?.split(':')[0] ?? '')
    .map((address) => (loopback.test(address) ? 'loopback' : address))
}
