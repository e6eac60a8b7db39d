import { glob, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CloudbenchError } from '@cloudbench/core'

/** What the files of logs end with. */
const extension = '.cblog'

/** The logs that are meant: files, patterns, and all that are below a folder. Each once. */
export async function findLogs(written: readonly string[], cwd: string): Promise<readonly string[]> {
  const found = await Promise.all(written.map((path) => logsAt(resolve(cwd, path), path)))
  return [...new Set(found.flat())]
}

async function logsAt(path: string, written: string): Promise<readonly string[]> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isDirectory()) return someOf(await logsBelow(path), written)
  if (stats || !/[*?[{]/.test(written)) return [path]
  const matching: string[] = []
  for await (const match of glob(path)) matching.push(match)
  return someOf(matching, written)
}

async function logsBelow(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true })
  return files.filter((file) => file.endsWith(extension)).map((file) => join(folder, file))
}

function someOf(paths: readonly string[], written: string): readonly string[] {
  if (paths.length > 0) return paths.toSorted()
  throw new CloudbenchError({
    code: 'CB_LOG_FILE',
    what: `there is no request log in ${written}`,
    expected: `files that end with ${extension}, as cloudbench run --log writes them`,
  })
}
