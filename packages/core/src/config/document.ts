import type { Document, Node, Pair, YAMLMap } from 'yaml'
import { CloudbenchError, messageOf } from '../errors.ts'
import type { Path } from './path.ts'
import { isPlainObject, type Locate, type Origin } from './tree.ts'
import { yaml } from './yaml.ts'

/** A YAML or JSON file, and where each of its keys is. */
export interface ConfigDocument {
  readonly value: Readonly<Record<string, unknown>>
  readonly locate: Locate
}

/** Reads YAML or JSON. `file` is its name in messages. An empty file is an empty map. */
export function parseConfigDocument(text: string, file: string): ConfigDocument {
  const { LineCounter, parseDocument } = yaml()
  const lines = new LineCounter()
  const positionOf: PositionOf = (offset) => {
    const { line, col } = lines.linePos(offset)
    return { line: line || 1, column: col || 1 }
  }
  const place = (offset: number) => {
    const { line, column } = positionOf(offset)
    return `${file}:${line}:${column}`
  }
  let document: Document
  let value: unknown
  try {
    document = parseDocument(text.replace(/^\uFEFF/, ''), {
      lineCounter: lines,
      logLevel: 'error',
      merge: true,
      prettyErrors: false,
      // the library compares every key with every other one
      uniqueKeys: false,
    })
  } catch (error) {
    throw syntaxError(`${file}:1:1`, messageOf(error), file, error)
  }
  if (file.endsWith('.json') && text.trim() !== '')
    try {
      JSON.parse(text)
    } catch (error) {
      const message = messageOf(error)
      const [, offset] = /position (\d+)/.exec(message) ?? []
      // without the excerpt, which may hold a password
      const brief = message.replace(/( in JSON at position|, (\.\.\.)?").*$/s, '')
      throw syntaxError(place(offset === undefined ? text.length : Number(offset)), brief, file, error)
    }

  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) throw syntaxError(place(problem.pos[0]), reasonOf(problem), file, problem)
  const repeated = repeatedKey(document)
  if (repeated !== undefined)
    throw syntaxError(place(repeated.range?.[0] ?? 0), 'Map keys must be unique', file, undefined)
  try {
    value = document.toJS()
  } catch (error) {
    throw syntaxError(`${file}:1:1`, messageOf(error), file, error)
  }
  if (value !== null && !isPlainObject(value))
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${file} contains ${Array.isArray(value) ? 'a list' : 'a single value'}`,
      expected: 'a map of keys to values',
    })

  return { value: value ?? {}, locate: locator(document.contents, file, positionOf) }
}

type PositionOf = (offset: number) => { readonly line: number; readonly column: number }

function locator(contents: unknown, file: string, positionOf: PositionOf): Locate {
  const pairsOf = pairFinder()
  const at = (path: Path): Origin => {
    const offset = offsetOf(contents, path, pairsOf)
    // the file as a whole begins where it begins
    if (offset === undefined) return { text: file, source: { file, line: 1 } }
    const { line, column } = positionOf(offset)
    return { text: `${file}:${line}:${column}`, source: { file, line } }
  }
  return (path) => ({ ...at(path), within: (rest) => at([...path, ...rest]).text })
}

/** Where the key of a value begins, or the nearest one above it. */
function offsetOf(contents: unknown, path: Path, pairsOf: PairFinder): number | undefined {
  const { isMap, isSeq } = yaml()
  let node = contents
  let offset: number | undefined
  for (const key of path) {
    let next: unknown
    if (isMap(node)) {
      const pair = pairsOf(node).get(key)
      offset = pair?.key.range?.[0] ?? offset
      next = pair?.value
    } else if (isSeq(node)) {
      next = node.items[Number(key)]
      offset = (next as Node | undefined)?.range?.[0] ?? offset
    }
    if (next === undefined) break
    node = next
  }
  return offset
}

type PairFinder = (map: YAMLMap) => ReadonlyMap<string | undefined, Pair<Node, Node>>

/** The pairs of a map by their keys, indexed once: files may have tens of thousands. */
function pairFinder(): PairFinder {
  const known = new Map<YAMLMap, ReturnType<PairFinder>>()
  return (map) => {
    const pairs =
      known.get(map) ?? new Map((map.items as Pair<Node, Node>[]).map((pair) => [keyOf(pair.key), pair]))
    known.set(map, pairs)
    return pairs
  }
}

/** The second key of the same name in a map. `<<` may be repeated. */
function repeatedKey(document: Document): Node | undefined {
  const { visit } = yaml()
  let found: Node | undefined
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<string>()
      for (const { key } of items as Pair<Node, Node>[]) {
        const name = keyOf(key)
        if (name === undefined || name === '<<') continue
        if (seen.has(name)) {
          found = key
          return visit.BREAK
        }
        seen.add(name)
      }
      return undefined
    },
  })
  return found
}

function keyOf(key: unknown): string | undefined {
  return yaml().isScalar(key) ? String(key.value) : undefined
}

/** The library goes down one call for each level. */
function reasonOf({ message }: Error): string {
  return message.startsWith('Maximum call stack') ? 'is nested too deep' : message
}

/** Without what the library quotes, which may be a password that begins with a sign of YAML. */
function syntaxError(place: string, message: string, file: string, cause: unknown): CloudbenchError {
  const said = message.replace(/(: |(?<=directive) ).*$/s, '')
  return new CloudbenchError({
    code: 'CB_CONFIG_SYNTAX',
    what: `${place}: ${said}`,
    expected: file.endsWith('.json')
      ? 'JSON'
      : said === message
        ? 'YAML'
        : 'YAML, with quotes around a value that begins with a sign',
    next: `fix ${place.replace(/(:\d+)*$/, '')}, then check it with \`cloudbench config\``,
    cause,
  })
}
