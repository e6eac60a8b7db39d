import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder with scripts of our own, first on the PATH. */
export async function programs(scripts: Record<string, string>): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bin-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(folder, name), script, { mode: 0o755 })
  return { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` }
}
