import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { resolveModuleURL } from 'exsolve'
import { CloudbenchError } from '../errors.ts'
import type { PluginKind } from '../plugin/define.ts'
import { nearest } from '../text/suggest.ts'

/** A plugin that the program around the core knows of, installed or not. */
export interface KnownPlugin {
  readonly kind: PluginKind
  /** Its short name. */
  readonly name: string
  readonly package: string
}

/** Where to look for plugins. */
export interface PluginSources {
  /** `file:` URL of the config file, or of the folder to start from, with a trailing slash. */
  readonly from: string
  /** `file:` URL of the program, where the plugins that ship with it are found when `from` has none. */
  readonly bundledFrom?: string | undefined
  /** Their packages are found by short name whatever the package is called, suggested, and named in installation hints. */
  readonly known?: readonly KnownPlugin[] | undefined
}

/**
 * Finds the module of a plugin, as a `file:` URL.
 *
 * A short name is looked for as `@cloudbench/<kind>-<name>`, then as `cloudbench-<kind>-<name>`, then as the package
 * that is known by that name; what starts with `.` or `/` is a path; anything else with a `/`, or that starts with
 * `cloudbench-`, is taken as it is.
 */
export function resolvePlugin(specifier: string, kind: PluginKind, sources: PluginSources): string {
  const { from, bundledFrom, known = [] } = sources
  const ofKind = known.filter((plugin) => plugin.kind === kind)
  const tried = candidatesOf(specifier, kind, ofKind)
  for (const base of [from, ...(bundledFrom ? [bundledFrom] : [])])
    for (const candidate of tried) {
      const url = tryResolve(candidate, base)
      if (url) return url
    }
  throw notFound(specifier, kind, from, tried, ofKind)
}

/** Name and version from the nearest `package.json` above a module. */
export function packageOf(url: string): { readonly name?: string; readonly version?: string } {
  for (let folder = new URL('.', url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder)
    if (existsSync(file)) {
      const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
      if (name !== undefined || version !== undefined)
        return { ...(name && { name }), ...(version && { version }) }
    }
    if (folder.pathname === new URL('..', folder).pathname) return {}
  }
}

function candidatesOf(specifier: string, kind: PluginKind, known: readonly KnownPlugin[]): readonly string[] {
  if (isPath(specifier) || specifier.includes('/') || specifier.startsWith('cloudbench-')) return [specifier]
  const packages = known.filter(({ name }) => name === specifier).map((plugin) => plugin.package)
  return [...new Set([`@cloudbench/${kind}-${specifier}`, `cloudbench-${kind}-${specifier}`, ...packages])]
}

function isPath(specifier: string): boolean {
  return /^(\.{1,2}\/|\/|file:)/.test(specifier)
}

/** The module of a package or a path, as a `file:` URL; `undefined` when there is none. */
export function tryResolve(candidate: string, from: string): string | undefined {
  if (candidate.startsWith('file:')) return existsSync(fileURLToPath(candidate)) ? candidate : undefined
  if (isPath(candidate)) {
    const url = candidate.startsWith('/') ? pathToFileURL(candidate) : new URL(candidate, from)
    if (existsSync(url) && !candidate.endsWith('/')) return url.href
    return resolveModuleURL(candidate, {
      from,
      try: true,
      suffixes: ['', '/index'],
      extensions: ['.ts', '.js', '.mjs'],
    })
  }
  return resolveModuleURL(candidate, { from, try: true, conditions: conditionsOf() })
}

/** Export conditions of this process apply to its plugins too, so that the sources of a workspace are used together. */
function conditionsOf(): string[] {
  const own = process.execArgv.flatMap((flag) => /^(?:--conditions=|-C=?)(.+)$/.exec(flag)?.[1] ?? [])
  return [...own, ...(import.meta.url.endsWith('.ts') ? ['@cloudbench/source'] : []), 'node', 'import']
}

function notFound(
  specifier: string,
  kind: PluginKind,
  from: string,
  tried: readonly string[],
  known: readonly KnownPlugin[],
): CloudbenchError {
  const where = fileURLToPath(from)
  const names = known.map(({ name }) => name)
  const close = names.includes(specifier) ? undefined : nearest(specifier, names)
  return new CloudbenchError({
    code: 'CB_PLUGIN_NOT_FOUND',
    what: `${kind} "${specifier}" was not found from ${where}`,
    expected: `one of these to be installed there: ${tried.join(', ')}`,
    next: close
      ? `did you mean "${close}"?`
      : isPath(specifier)
        ? 'check the path; it is relative to the config file'
        : `npm install --save-dev ${tried[0]}`,
  })
}
