import type { z } from '@cloudbench/schema'
import { CloudbenchError, type ErrorCode, type ErrorDetails } from '../errors.ts'
import { didYouMean } from '../text/suggest.ts'
import { keysBelow } from './keys.ts'
import { formatPath, type Path } from './path.ts'
import { configSchema, type ConfigTree } from './schema.ts'
import { isSecretKey } from './secret-key.ts'
import { redactValue } from './secret-text.ts'
import { originAt, treeAt, type Tree } from './tree.ts'

/** Of its problems: more of them are not read. */
const mostShown = 50

/** One problem with the configuration. */
type Problem = ErrorDetails

/** Checks a merged configuration. Throws one error that names every problem with its file, line and column. */
export function validate(value: unknown, tree: Tree): ConfigTree {
  const result = configSchema.safeParse(value)
  if (result.success) return value as ConfigTree
  const problems = distinct(result.error.issues.flatMap((issue) => problemsOf(issue, value, tree)))
  const [first] = problems
  if (problems.length === 1) throw new CloudbenchError(first!)
  const lines = problems.slice(0, mostShown).map(({ what, expected, next }) => {
    const hint = next ?? (expected === undefined ? undefined : `expected ${expected}`)
    return `\n  - ${what}${hint === undefined ? '' : `: ${hint}`}`
  })
  const left = problems.length - lines.length
  if (left > 0) lines.push(`\n  - and ${left} more`)
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `the configuration has ${problems.length} problems${lines.join('')}`,
  })
}

/** A value that was typed once is reported once, however many scenarios it reached. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [problem.what, problem])).values()]
}

function problemsOf(issue: z.core.$ZodIssue, value: unknown, tree: Tree): Problem[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknown([...path, key], originAt(tree, [...path, key])))
  const where = placeOf(path, originAt(tree, path))
  const missing = treeAt(tree, path) === undefined && valueAt(value, path) === undefined
  if (missing)
    return [{ code: 'CB_CONFIG', what: `${formatPath(path)} is missing (${originAt(tree, path)})` }]
  if (issue.code === 'custom' && issue.params !== undefined) {
    const { code, expected, next } = issue.params as { code?: ErrorCode; expected?: string; next?: string }
    return [{ code: code ?? 'CB_CONFIG', what: `${where}: ${issue.message}`, expected, next }]
  }
  if (issue.code === 'custom') return [{ code: 'CB_CONFIG', what: `${where} ${issue.message}` }]
  const problem: Problem = {
    code: 'CB_CONFIG',
    what: `${where} is ${shown(valueAt(value, path), path)}`,
    expected: expectedBy(issue, path),
  }
  if (issue.code !== 'invalid_value') return [problem]
  const typed = valueAt(value, path)
  return [
    { ...problem, next: typeof typed === 'string' ? didYouMean(typed, issue.values.map(String)) : undefined },
  ]
}

/** A shortcut such as `--duration` is its own place: the path was never written. */
function placeOf(path: Path, origin: string): string {
  return origin.startsWith('--') && origin !== '--set' ? origin : `${formatPath(path)} (${origin})`
}

function unknown(path: Path, origin: string): Problem {
  const owner = path.slice(0, -1)
  const key = path.at(-1)!
  const forEvery = owner.length === 0 && keysBelow(['defaults']).includes(key)
  const forOne = owner.length === 0 && keysBelow(['scenarios', '']).includes(key)
  const place = forEvery
    ? `defaults.${key} for every scenario, or scenarios.<name>.${key} for one`
    : `scenarios.<name>.${key}`
  return {
    code: 'CB_CONFIG',
    what: `${formatPath(path)} is not a setting (${origin})`,
    next: forEvery || forOne ? `write ${place}` : didYouMean(key, keysBelow(owner)),
  }
}

function expectedBy(issue: z.core.$ZodIssue, path: Path): string {
  const isPlugin = path[0] === 'environment' || path[0] === 'reporters'
  switch (issue.code) {
    case 'invalid_type':
      return (
        { record: 'a map', object: 'a map', array: 'a list', string: 'a string' }[issue.expected as string] ??
        `a ${issue.expected}`
      )
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return isPlugin ? 'the name of a plugin, or [name, { options }]' : 'a string or a number'
    case 'too_small':
      return issue.origin === 'array' ? 'at least one entry' : 'a value that is not empty'
    default:
      return issue.message
  }
}

function shown(value: unknown, path: Path): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'a map'
  if (typeof value === 'string' && (value.length > 80 || path.some(isSecretKey))) return 'a string'
  return typeof value === 'string' ? JSON.stringify(redactValue(value)) : String(value)
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Record<string, unknown>)[key]
  }
  return current
}
