import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** Where a reporter works; it may write to `out` only. */
export interface Folder {
  /** The output folder. */
  readonly out: string
  /** Working directory and home. */
  readonly home: string
}

/** Runs with a temporary folder, then removes it. */
export async function withFolder<T>(run: (folder: Folder) => Promise<T>): Promise<T> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'cloudbench-testkit-')))
  const folder = { out: join(root, 'out'), home: join(root, 'home') }
  try {
    await mkdir(folder.out)
    await mkdir(folder.home)
    return await run(folder)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

/** Every file below a folder, by path. */
export async function filesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(relative(folder, path), await readFile(path, 'latin1'))
  }
  return files
}
