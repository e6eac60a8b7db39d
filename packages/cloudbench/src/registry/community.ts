import { existsSync, readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CloudbenchError, messageOf } from '@cloudbench/core'
import { parseManifest } from '@cloudbench/core/program'
import type { RegisteredPlugin } from './registry.ts'

/** The parts of a `package.json` that matter here. */
interface PackageJson {
  readonly cloudbench?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/**
 * The plugins among the dependencies of the project that a folder belongs to: packages whose `package.json` has a
 * `cloudbench` field. Only what the project itself depends on, and what is installed.
 */
export function installedPlugins(folder: string, except: ReadonlySet<string>): RegisteredPlugin[] {
  const project = nearestManifest(folder)
  if (project === undefined) return []
  const { dependencies = {}, devDependencies = {} } = readManifest(project)
  const names = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)])
  return [...names].toSorted().flatMap((name) => {
    if (except.has(name)) return []
    const file = manifestOf(name, project)
    const field = file === undefined ? undefined : readManifest(file).cloudbench
    if (file === undefined || field === undefined) return []
    return [
      { ...parseManifest(field, { package: name, file }), package: name, file: pathToFileURL(file).href },
    ]
  })
}

function nearestManifest(folder: string): string | undefined {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return file
  return folder === dirname(folder) ? undefined : nearestManifest(dirname(folder))
}

/** `undefined` when the package is not installed. */
function manifestOf(name: string, project: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(project))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function readManifest(file: string): PackageJson {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageJson
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_PLUGIN_MANIFEST',
      what: `${file} cannot be read: ${messageOf(cause)}`,
      expected: 'JSON',
      cause,
    })
  }
}
