import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EnvironmentContext } from '@cloudbench/core'
import { messageOf } from '@cloudbench/core'
import { readText } from '@cloudbench/environment-kit'
import { formatCpuList } from '@cloudbench/environment-kit'
import type { NumaOptions } from './options.ts'
import { allowedIn } from './topology.ts'

const limitMs = 3_000
const run = promisify(execFile)

/**
 * Puts this process on the CPUs for servers: those that it starts from now on inherit them, and so do those that run already.
 * Workers get theirs on their command lines. Returns what puts this process back.
 */
export async function apply({
  options: { serverCpus, placement, root },
  log,
}: EnvironmentContext<NumaOptions>): Promise<void | (() => Promise<void>)> {
  if (serverCpus === undefined || placement === 'off') return undefined
  const { allowedCpus } = allowedIn(await readText(join(root, 'proc/self/status')))
  try {
    await pin(process.pid, serverCpus)
  } catch (error) {
    log.warn(`servers are not kept on CPUs ${serverCpus}: ${messageOf(error).split('\n')[0]}`)
    return undefined
  }
  for (const child of await childrenOf(root)) await pin(child, serverCpus).catch(() => {})
  if (allowedCpus === undefined) return undefined
  return () => pin(process.pid, formatCpuList(allowedCpus))
}

/** All threads of a process. */
async function pin(pid: number, cpus: string): Promise<void> {
  await run('taskset', ['-a', '-c', '-p', cpus, String(pid)], { timeout: limitMs, killSignal: 'SIGKILL' })
}

/** Of all threads, where the kernel lists them. */
async function childrenOf(root: string): Promise<number[]> {
  const tasks = join(root, 'proc/self/task')
  const children: number[] = []
  for (const thread of await readdir(tasks).catch(() => []))
    for (const word of ((await readText(join(tasks, thread, 'children'))) ?? '').split(' '))
      if (/^\d{1,10}$/.test(word)) children.push(Number(word))
  return children
}
