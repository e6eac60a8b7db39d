import { fileURLToPath } from 'node:url'
import { folder } from '../support/cli.ts'
import type { Block } from './blocks.ts'
import { run } from './run.ts'

/** The configuration files that the blocks of one page show. A block without a path is a scenario. */
export function filesOf(blocks: readonly Block[]): Record<string, string> {
  const files: Record<string, string> = {}
  for (const { language, code, line, path } of blocks) {
    const name = language === 'ts' ? 'cloudbench.config.ts' : (path ?? `config/scenarios/line-${line}.yaml`)
    if (Object.hasOwn(files, name)) throw new Error(`two blocks are ${name}: give each a name of its own`)
    files[name] = code
  }
  return files
}

/**
 * Reads a project as `cloudbench run` does, and hands its options to the plugins.
 * Resolves with the names of the scenarios that would run.
 */
export async function loadProject(files: Readonly<Record<string, string>>): Promise<string[]> {
  const cwd = await folder(files)
  const secrets = [
    ...Object.values(files)
      .join('\n')
      .matchAll(/\$\{env:(\w+)/g),
  ]
  const env = Object.fromEntries(secrets.map(([, name]) => [name!, 'https://loopback.example.com']))
  const baselines = Object.keys(files).flatMap(
    (name) => /^config\/baseline\/(.+)\.yaml$/.exec(name)?.[1] ?? [],
  )
  const loader = fileURLToPath(new URL('load-project.ts', import.meta.url))
  const words = ['--conditions=@cloudbench/source', loader, ...baselines.filter((name) => name !== 'default')]
  const { code, output } = await run(process.execPath, words, { cwd, env })
  if (code !== 0) throw new Error(output)
  return JSON.parse(output) as string[]
}
