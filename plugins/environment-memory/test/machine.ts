import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { fixture } from './fixture.ts'

export const mib = 1024 * 1024

/** A machine whose files can be rewritten. */
export interface Machine {
  readonly root: string
  write(path: string, content: string | Uint8Array): Promise<void>
  remove(path: string): Promise<void>
}

/** One of the shared machines, or one that has nothing. */
export async function machineOf(name?: string): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), 'cloudbench-memory-'))
  onTestFinished(() => rm(root, { recursive: true }))
  if (name !== undefined) await cp(fixture(name), root, { recursive: true })
  return {
    root,
    async write(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), content)
    },
    remove: (path) => rm(join(root, path), { recursive: true }),
  }
}

export function meminfo(megabytes: number): string {
  return `MemTotal:       ${megabytes * 1024} kB\nMemFree:          100 kB\n`
}
