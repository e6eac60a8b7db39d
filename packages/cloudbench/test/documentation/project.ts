import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { importPlugin, makePlan, parseOptions, resolvePlugin, workloadOf } from '@cloudbench/core/program'
import { loadSettings } from '../../src/settings.ts'
import { createSession } from '../../src/session.ts'
import { folder } from '../support/cli.ts'
import type { Block } from './blocks.ts'

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
 * Reads a project as `cloudbench run` does, makes the plan of a run, and hands its options to the plugins.
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
  const session = { ...createSession(), cwd, env }
  const baseline = Object.keys(files)
    .filter((name) => name.startsWith('config/baseline/'))
    .map((name) => basename(name, '.yaml'))
    .filter((name) => name !== 'default')
  const { scenarios, environment, reporters } = makePlan(await loadSettings(session, { baseline }))
  const find = (specifier: string, kind: 'driver' | 'environment' | 'reporter'): string =>
    resolvePlugin(specifier, kind, pathToFileURL(`${cwd}/`).href, import.meta.url)
  for (const flow of scenarios.flatMap(({ flows }) => flows)) {
    const workload = workloadOf(await importPlugin(find(flow.driver, 'driver'), 'driver'), flow.workload)
    await parseOptions(`${flow.driver} ${workload.name}`, workload.options, flow.options)
  }
  for (const { specifier, options } of environment) {
    const plugin = await importPlugin(find(specifier, 'environment'), 'environment')
    await parseOptions(plugin.name, plugin.options, options)
  }
  for (const reporter of reporters) {
    if (!('specifier' in reporter)) continue
    const plugin = await importPlugin(find(reporter.specifier, 'reporter'), 'reporter')
    await parseOptions(plugin.name, plugin.options, reporter.options)
  }
  return scenarios.map(({ id }) => id)
}
