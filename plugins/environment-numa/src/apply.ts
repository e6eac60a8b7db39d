import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { EnvironmentContext } from '@cloudbench/core'
import { formatCpuList, readText } from '@cloudbench/environment-kit'
import type { NumaOptions } from './options.ts'
import { runProgram } from './program.ts'
import { allowedIn } from './topology.ts'

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
  const failure = await pin(process.pid, serverCpus)
  if (failure !== undefined) {
    log.warn(`servers are not kept on CPUs ${serverCpus}: ${failure}`)
    return undefined
  }
  for (const child of await childrenOf(root)) await pin(child, serverCpus)
  if (allowedCpus === undefined) return undefined
  return async () => {
    const left = await pin(process.pid, formatCpuList(allowedCpus))
    if (left !== undefined) throw new Error(`this process stays on CPUs ${serverCpus}: ${left}`)
  }
}

/** All threads of a process. Resolves with why that failed. */
async function pin(pid: number, cpus: string): Promise<string | undefined> {
  return (await runProgram(['taskset', '-a', '-c', '-p', cpus, String(pid)])).failure
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
