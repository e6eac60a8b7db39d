import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { CloudbenchError, messageOf } from '../errors.ts'
import { configLimitBytes, readText } from '../loading/read-file.ts'
import { didYouMean } from '../text/suggest.ts'
import { parseConfigDocument } from './document.ts'
import { importConfig } from './module.ts'
import type { Path } from './path.ts'
import { asBranch, fromValue, treeOf, type Branch } from './tree.ts'

const moduleExtensions = ['.ts', '.mts', '.mjs', '.js']
const dataExtensions = ['.yaml', '.yml', '.json']

/** One file of the configuration, as a layer. */
export interface FileLayer {
  readonly file: string
  readonly tree: Branch
}

/** Where the files of a configuration are. */
export interface Places {
  /** What paths in messages are relative to. */
  readonly cwd: string
  /** The folder that contains `config/`: the config file's, or the one cloudbench was started in. */
  readonly root: string
  readonly configFile: string | undefined
}

export function findPlaces(cwd: string, configFile: string | undefined): Places {
  if (configFile !== undefined) {
    const file = resolve(cwd, configFile)
    if (existsSync(file)) return { cwd, root: dirname(file), configFile: file }
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `there is no config file ${configFile}`,
      next: 'fix the path, or run cloudbench init to write one',
    })
  }
  const found = [...moduleExtensions, ...dataExtensions]
    .map((extension) => `cloudbench.config${extension}`)
    .filter((name) => existsSync(join(cwd, name)))
  if (found.length > 1)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `there are ${found.length} config files: ${found.join(', ')}`,
      expected: 'one',
      next: `remove the others, or choose with --config ${found[0]}`,
    })

  return { cwd, root: cwd, configFile: found[0] === undefined ? undefined : join(cwd, found[0]) }
}

/** Reads the config file, whatever its language. */
export async function readConfigFile({ cwd, configFile }: Places): Promise<FileLayer | undefined> {
  if (configFile === undefined) return undefined
  const extension = extname(configFile)
  if (dataExtensions.includes(extension)) return readDataFile(cwd, configFile)
  const name = shown(cwd, configFile)
  if (!moduleExtensions.includes(extension))
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${name} is not in a language that cloudbench reads`,
      expected: `a file that ends in ${[...moduleExtensions, ...dataExtensions].join(', ')}`,
    })

  readText(configFile, name, configLimitBytes, 'CB_CONFIG')
  const value = await importConfig(configFile, name)
  const origin = { text: name, source: { file: name } }
  const tree = fromValue(value, () => origin, isOpaque)
  if (tree.kind === 'leaf')
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${name} exports ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}`,
      expected: 'export default defineConfig({ … })',
    })

  return { file: configFile, tree }
}

/** Objects with functions in them are allowed here, and only here. */
export function isOpaque(path: Path): boolean {
  return path.length === 1 && (path[0] === 'reporters' || path[0] === 'plugins')
}

/** Reads `config/baseline/default.*`, if there is one, and the chosen baselines. */
export function readBaselines({ cwd, root }: Places, chosen: readonly string[]): FileLayer[] {
  const folder = join(root, 'config', 'baseline')
  const files = dataFilesIn(cwd, folder)
  const layers =
    files.has('default') && !chosen.includes('default') ? [readDataFile(cwd, files.get('default')!)] : []
  for (const name of chosen) {
    const byPath = /[/\\]|\.(ya?ml|json)$/.test(name) ? resolve(cwd, name) : undefined
    const file = files.get(name) ?? (byPath !== undefined && existsSync(byPath) ? byPath : undefined)
    if (file === undefined)
      throw new CloudbenchError({
        code: 'CB_CONFIG',
        what: `there is no baseline ${name} in ${shown(cwd, folder)}`,
        expected:
          files.size === 0
            ? `a file such as ${join(shown(cwd, folder), `${name}.yaml`)}`
            : [...files.keys()].join(', '),
        ...(files.size > 0 ? { next: didYouMean(name, files.keys()) } : {}),
      })

    layers.push(readDataFile(cwd, file))
  }
  return layers
}

/** Reads `config/scenarios/*` and `config/targets/*`: one per file, named after the file. */
export function readParts({ cwd, root }: Places): FileLayer[] {
  return ['targets', 'scenarios'].flatMap((section) =>
    [...dataFilesIn(cwd, join(root, 'config', section))].map(([id, file]) =>
      readDataFile(cwd, file, [section, id]),
    ),
  )
}

function dataFilesIn(cwd: string, folder: string): Map<string, string> {
  const files = new Map<string, string>()
  if (!existsSync(folder)) return files
  for (const name of readdirSync(folder).toSorted()) {
    const extension = extname(name)
    const id = basename(name, extension)
    const file = join(folder, name)
    if (moduleExtensions.includes(extension) || extension === '.toml')
      throw new CloudbenchError({
        code: 'CB_CONFIG',
        what: `${shown(cwd, file)} is not read: this folder is for data`,
        expected: 'YAML or JSON',
        next: 'move code to cloudbench.config.ts',
      })

    if (!dataExtensions.includes(extension) || id === '') continue
    const other = files.get(id)
    if (other !== undefined)
      throw new CloudbenchError({
        code: 'CB_CONFIG',
        what: `${shown(cwd, other)} and ${shown(cwd, file)} are both called ${id}`,
        next: 'remove one of them',
      })

    files.set(id, file)
  }
  return files
}

function readDataFile(cwd: string, file: string, at: Path = []): FileLayer {
  const name = shown(cwd, file)
  let text: string
  try {
    text = readText(file, name, configLimitBytes, 'CB_CONFIG')
  } catch (error) {
    if (error instanceof CloudbenchError) throw error
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${name} cannot be read: ${messageOf(error)}`,
      cause: error,
    })
  }
  const { value, locate } = parseConfigDocument(text, name)
  const tree = fromValue(
    value,
    (path) => locate(path.slice(at.length)),
    () => false,
    at,
  )
  return { file, tree: asBranch(treeOf(at, tree)) }
}

/** A path for display: relative if it is inside, with forward slashes everywhere. */
export function shown(cwd: string, file: string): string {
  const inside = relative(cwd, file)
  const text = inside.startsWith('..') || isAbsolute(inside) ? file : inside
  return text.split(sep).join('/')
}
