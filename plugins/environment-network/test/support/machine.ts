import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { onTestFinished } from 'vitest'

/** What an ordinary machine has before anything is tuned. */
export const untuned = {
  'net.core.somaxconn': '4096',
  'net.core.netdev_max_backlog': '1000',
  'net.core.rmem_max': '212992',
  'net.core.wmem_max': '212992',
  'net.ipv4.ip_local_port_range': '32768\t60999',
  'net.ipv4.tcp_max_syn_backlog': '2048',
  'net.ipv4.tcp_tw_reuse': '2',
  'net.ipv4.tcp_congestion_control': 'cubic',
  'net.ipv4.tcp_available_congestion_control': 'reno cubic',
}

/** A folder of its own, removed with the test. */
export async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'cloudbench-network-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

/** The root of a machine with these files and links (`-> target`) below it. */
export async function machine(files: Readonly<Record<string, string>>): Promise<string> {
  const { root, link, write } = await machineTree()
  for (const [name, text] of Object.entries(files))
    await (text.startsWith('-> ') ? link(name, text.slice(3)) : write(name, text))
  return root
}

/** The same with these kernel settings. */
export function settings(values: Readonly<Record<string, string>> = untuned): Promise<string> {
  return machine(filesOf(values))
}

export function filesOf(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [pathOf(key), `${value}\n`]))
}

export function pathOf(key: string): string {
  return `proc/sys/${key.replaceAll('.', '/')}`
}
