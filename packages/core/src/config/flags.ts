import { CloudbenchError } from '../errors.ts'
import { assignAll, type Assignment } from './assign.ts'
import { resolvePath } from './keys.ts'
import { formatPath, parsePath } from './path.ts'
import { parseScalar } from './scalar.ts'
import { asBranch, leaf, mergeAll, treeAt, treeOf, type Branch, type Tree } from './tree.ts'

/** The command line's shortcuts. They apply to every selected scenario. */
export interface Flags {
  readonly duration?: string | number | undefined
  readonly warmup?: string | number | undefined
  readonly rate?: string | number | undefined
  readonly connections?: string | number | undefined
  readonly workers?: string | number | undefined
  readonly dispatch?: string | undefined
  readonly seed?: string | number | undefined
  readonly interval?: string | number | undefined
  readonly trace?: string | number | undefined
  readonly log?: boolean | undefined
  readonly logSample?: string | number | undefined
  readonly require?: string | undefined
  readonly allowInvalid?: boolean | undefined
  readonly output?: string | undefined
}

const onScenario = ['duration', 'warmup', 'workers', 'dispatch', 'seed', 'interval'] as const
const onFlow = ['rate', 'connections'] as const

/** Applies the shortcuts to a tree. Rejects ambiguous ones, and says what to type instead. */
export function withShortcuts(flags: Flags, selected: readonly string[], below: Branch): Branch {
  const layers: Tree[] = [below]
  const set = (path: readonly string[], value: unknown, origin: string) => {
    layers.push(treeOf(path, leaf(numeric(value), { text: origin, layer: 'flag' })))
  }
  if (flags.output !== undefined) set(['output'], flags.output, '--output')
  for (const id of selected) {
    const scenario = asBranch(treeAt(below, ['scenarios', id]))
    for (const key of onScenario) {
      if (flags[key] === undefined) continue
      refuseWhereWrittenOut(id, scenario, key)
      set(['scenarios', id, key], flags[key], `--${key}`)
    }
    if (flags.trace !== undefined) set(['scenarios', id, 'trace', 'ratio'], flags.trace, '--trace')
    if (flags.log) set(['scenarios', id, 'log', 'sample'], true, '--log')
    if (flags.logSample !== undefined)
      set(['scenarios', id, 'log', 'sample'], flags.logSample, '--log-sample')
    if (flags.require !== undefined) set(['scenarios', id, 'verdict', 'require'], flags.require, '--require')
    if (flags.allowInvalid) set(['scenarios', id, 'verdict', 'allowInvalid'], true, '--allow-invalid')
    for (const key of onFlow)
      if (flags[key] !== undefined)
        set([...flowOf(id, scenario, key, flags[key]), key], flags[key], `--${key}`)
  }
  return asBranch(mergeAll(layers))
}

/** Applies every `--set path=value` to a tree, in the order given. */
export function withSettings(settings: readonly string[], below: Branch): Branch {
  return assignAll(settings.map(settingOf), below)
}

function settingOf(text: string): Assignment {
  const [, path, value] = /^((?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\]|[^=["])+)=(.*)$/s.exec(text) ?? []
  if (path === undefined || value === undefined)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      // the rest may be a password after the wrong sign
      what: `--set ${/^[^\s:]*/.exec(text)![0]} has no value`,
      expected: '--set path=value, such as --set targets.redis.url=redis://127.0.0.1:6379',
    })

  if (value.trim() === '')
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: `--set ${path}= has an empty value`,
      expected: `a value; null removes a setting, and '""' is an empty text`,
      next: 'is a variable of the shell unset?',
    })

  return {
    origin: '--set',
    layer: 'flag',
    value: () => parseScalar(value, `--set ${path}`),
    path: (existing) => resolvePath(parsePath(path.trim()), existing, { origin: '--set', loose: false }),
  }
}

function refuseWhereWrittenOut(id: string, scenario: Branch, key: (typeof onScenario)[number]): void {
  if (key !== 'duration' && key !== 'warmup') return
  const staged = flowsOf(scenario).find(([, flow]) => treeAt(flow, ['stages']) !== undefined)
  const list =
    scenario.children.has('phases') && treeAt(scenario, ['phases']) !== undefined ? 'phases' : undefined
  const path = list ? [list] : staged && key === 'duration' ? ['flows', staged[0], 'stages'] : undefined
  if (path === undefined) return
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `--${key} does not apply to ${id}, whose ${path.at(-1)} set how long it takes`,
    next: `--set '${formatPath(['scenarios', id, ...path])}[0].duration=…', or select other scenarios`,
  })
}

function flowOf(id: string, scenario: Branch, key: (typeof onFlow)[number], value: unknown): string[] {
  const flows = flowsOf(scenario)
  const [only] = flows
  if (flows.length > 1)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: `--${key} is ambiguous, ${id} has several flows: ${flows.map(([name]) => name).join(', ')}`,
      next: `--set ${formatPath(['scenarios', id, 'flows', only![0], key])}=${String(value)}`,
    })

  if (key === 'rate' && only && treeAt(only[1], ['stages']) !== undefined)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: `--rate does not apply to ${id}, whose stages set the rate`,
      next: `--set ${formatPath(['scenarios', id, 'flows', only[0], 'stages'])}=null to remove them, or select other scenarios`,
    })

  return ['scenarios', id, 'flows', only?.[0] ?? 'main']
}

function flowsOf(scenario: Branch): (readonly [string, Tree])[] {
  return [...asBranch(treeAt(scenario, ['flows'])).children].filter(([, flow]) => flow.kind === 'branch')
}

/** A command line only has strings: `--workers 4` means the number. */
function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value
}
