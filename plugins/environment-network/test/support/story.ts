import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Advice } from '@cloudbench/core'

/** What an actor told. */
export interface Told {
  readonly facts?: Readonly<Record<string, unknown>>
  readonly isApplied?: boolean
  readonly advice?: readonly Advice[]
  readonly message?: string
  readonly next?: string
  readonly warnings: readonly string[]
}

/** A real process that does something with the environment, in the namespace of this one. */
export async function act(
  what: 'hold' | 'apply' | 'discover' | 'advise',
  options: object,
): Promise<{ readonly told: Told; kill(): Promise<void> }> {
  const actor = fileURLToPath(new URL('actor.ts', import.meta.url))
  const flags = ['--conditions=@cloudbench/source', '--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, actor, what, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  if (what !== 'hold') await ended
  return {
    told: JSON.parse(line) as Told,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The values of these settings now, their parts separated by single spaces. */
export async function valuesOf(root: string, keys: readonly string[]): Promise<readonly string[]> {
  return await Promise.all(
    keys.map(async (key) => {
      const text = await readFile(join(root, 'proc/sys', key.replaceAll('.', '/')), 'utf8')
      return text.trim().replaceAll(/\s+/g, ' ')
    }),
  )
}
