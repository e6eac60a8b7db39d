import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from '../hooks/lifecycle.ts'
import type { Awaitable } from '../plugin/common.ts'
import { defaultValues } from './default-values.ts'
import { withDerived, type Derived } from './derived-layer.ts'
import { withDraft } from './draft.ts'
import { withEnvironment, withPluginVariables } from './environment-layer.ts'
import {
  findPlaces,
  readBaselines,
  readConfigFile,
  readParts,
  shown,
  type FileLayer,
  type Places,
} from './files.ts'
import { withSettings, withShortcuts, type Flags } from './flags.ts'
import { validate } from './issues.ts'
import type { WrittenRef } from './plugin-ref.ts'
import { resolvedConfig, type ResolvedConfig } from './resolved.ts'
import type { Config } from './schema.ts'
import { selectScenarios, withTags } from './select.ts'
import { expand } from './shorthand.ts'
import {
  asBranch,
  builtInOrigin,
  emptyTree,
  fromValue,
  isRemoved,
  leaf,
  leavesOf,
  merge,
  mergeAll,
  toValue,
  treeAt,
  treeOf,
  type Branch,
} from './tree.ts'

export interface LoadOptions {
  /** The folder cloudbench was started in. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What the program around the core supplies: scenarios, targets and reporters. The lowest layer. */
  readonly builtIn?: Config
  /** What applies over `builtIn` where the project has no file. */
  readonly withoutFiles?: Config | undefined
  /** Instead of the `cloudbench.config.*` in `cwd`. `config/` is looked for beside it. */
  readonly configFile?: string | undefined
  /** Names in `config/baseline`, the last one on top. */
  readonly baselines?: readonly string[] | undefined
  /** `path=value`, the last one on top. */
  readonly set?: readonly string[] | undefined
  readonly flags?: Flags | undefined
  /** Names and globs. None: the project's own scenarios, or all if it has none. */
  readonly scenarios?: readonly string[] | undefined
  /** Scenarios of `builtIn` that run only where they are named. */
  readonly onlyNamed?: readonly string[] | undefined
  /** Only scenarios with any of these, out of those named or, if none is named, of all. */
  readonly tags?: readonly string[] | undefined
  /** Instead of the configured reporters. */
  readonly reporters?: readonly WrittenRef[] | undefined
  /** Instead of the configured environment plugins. */
  readonly environment?: readonly WrittenRef[] | undefined
  /**
   * Called with the merged configuration, to change it in place, before flags are applied and anything is checked.
   * `plugins` are those that the config file holds.
   */
  readonly onDraft?:
    | ((draft: Record<string, unknown>, plugins: readonly Plugin[]) => Awaitable<void>)
    | undefined
  /**
   * Called with the configuration without derived settings. What it returns becomes a layer above `builtIn` and below
   * everything that users wrote, and does not change the digest. Hooks in `onDraft` then see the configuration again.
   */
  readonly derive?: ((config: ResolvedConfig) => Awaitable<Derived>) | undefined
}

/** Every layer that is read before anything can be merged. */
interface Layers {
  readonly places: Places
  readonly builtIn: Branch
  readonly configFile: FileLayer | undefined
  readonly baselines: readonly FileLayer[]
  readonly parts: readonly FileLayer[]
}

/**
 * Merges every layer of the configuration and checks the result. Throws a `CloudbenchError` that names file, line
 * and column. Works in a folder without any configuration.
 */
export async function loadConfig(options: LoadOptions): Promise<ResolvedConfig> {
  const places = findPlaces(options.cwd, options.configFile)
  const files = {
    configFile: await readConfigFile(places),
    baselines: readBaselines(places, options.baselines ?? []),
    parts: readParts(places),
  }
  const hasFiles = files.configFile !== undefined || files.baselines.length + files.parts.length > 0
  const builtInOnes = [options.builtIn, hasFiles ? undefined : options.withoutFiles]
  const layers: Layers = { places, builtIn: fromBuiltIn(builtInOnes), ...files }
  const plain = await assemble(layers, options)
  const derived: Derived = (await options.derive?.(plain.config)) ?? new Map()
  const builtIn = withDerived(derived, layers.builtIn, plain.tree)
  if (builtIn === layers.builtIn) return plain.config
  const { config } = await assemble({ ...layers, builtIn }, options)
  return { ...config, digest: plain.config.digest }
}

async function assemble(
  { places, builtIn, configFile, baselines, parts }: Layers,
  options: LoadOptions,
): Promise<{ readonly config: ResolvedConfig; readonly tree: Branch }> {
  const wide = [...(configFile === undefined ? [] : [configFile]), ...baselines]
  const files = [...wide, ...parts]
  let tree = layered(builtIn, wide, parts)
  tree = withEnvironment(options.env, tree)
  const { onDraft } = options
  if (onDraft !== undefined) tree = await withDraft(tree, (draft) => onDraft(draft, pluginsIn(draft)))
  tree = withRefs(tree, 'reporters', options.reporters)
  tree = withRefs(tree, 'environment', options.environment)
  tree = withPluginVariables(options.env, tree)
  // before the shortcuts, so that they reach scenarios made by --set, and after, so that --set has the last word
  const withNew = withSettings(options.set ?? [], tree)
  const project = [...(configFile === undefined ? [] : [configFile]), ...parts]
  const own = ownScenarios(withNew, builtIn, project, options.onlyNamed)
  const selected = selectIn(withNew, own, options)
  tree = withSettings(options.set ?? [], withShortcuts(options.flags ?? {}, selected, withNew))

  if ([...leavesOf(tree)].some(({ path }) => path.at(-1) === 'preset'))
    tree = (await import('./presets.ts')).withPresets(tree)
  const config = resolvedConfig({
    value: validate(toValue(tree), tree),
    tree,
    selected,
    files: files.map(({ file }) => shown(places.cwd, file)),
    places,
    env: options.env,
    resolveFrom: pathToFileURL(places.configFile ?? places.cwd + sep).href,
  })
  return { config, tree }
}

function fromBuiltIn(given: readonly (Config | undefined)[]): Branch {
  const { checks: _, ...values } = defaultValues
  const layers = [values, ...given.filter((value) => value !== undefined)].map((value) =>
    asBranch(fromValue(value, () => builtInOrigin)),
  )
  return layers.reduce((below, layer) => asBranch(merge(below, expand(layer, below))), emptyTree)
}

/** Each part is a scenario or a target of its own: they have nothing to do with each other, and may be thousands. */
function layered(builtIn: Branch, wide: readonly FileLayer[], parts: readonly FileLayer[]): Branch {
  const below = wide.reduce((tree, layer) => asBranch(merge(tree, expand(layer.tree, tree))), builtIn)
  return asBranch(mergeAll([below, ...parts.map(({ tree }) => expand(tree, below))]))
}

function withRefs(
  tree: Branch,
  key: 'reporters' | 'environment',
  refs: readonly WrittenRef[] | undefined,
): Branch {
  if (refs === undefined || refs.length === 0) return tree
  const flag = key === 'reporters' ? '--reporter' : '--environment'
  return asBranch(merge(tree, treeOf([key], leaf(refs, { text: flag, layer: 'flag' }))))
}

function scenariosIn(tree: Branch): string[] {
  const scenarios = [...asBranch(treeAt(tree, ['scenarios'])).children]
  return scenarios.filter(([, scenario]) => !isRemoved(scenario)).map(([id]) => id)
}

/** What is selected by name and by tag; where neither is given, `own`. */
function selectIn(
  tree: Branch,
  own: readonly string[],
  { scenarios = [], tags = [] }: Pick<LoadOptions, 'scenarios' | 'tags'>,
): readonly string[] {
  const known = scenariosIn(tree)
  const named = scenarios.length > 0 ? selectScenarios(scenarios, known) : undefined
  if (tags.length === 0) return named ?? own
  return withTags(tags, named ?? known, (id) => tagsIn(tree, id), known)
}

/** As written: not checked yet. */
function tagsIn(tree: Branch, id: string): readonly string[] {
  const tags = treeAt(tree, ['scenarios', id, 'tags'])
  const value = tags?.kind === 'leaf' ? tags.value : undefined
  return Array.isArray(value) ? value.map(String) : []
}

/** What runs when nothing is selected: the scenarios that the project itself mentions, or all. */
function ownScenarios(
  tree: Branch,
  builtIn: Branch,
  files: readonly FileLayer[],
  onlyNamed: readonly string[] = [],
): string[] {
  const all = scenariosIn(tree)
  const given = new Set(scenariosIn(builtIn))
  const named = new Set(files.flatMap((layer) => scenariosIn(layer.tree)))
  const own = all.filter((id) => named.has(id) || !given.has(id))
  return own.length > 0 ? own : all.filter((id) => !onlyNamed.includes(id))
}

function pluginsIn(draft: Readonly<Record<string, unknown>>): Plugin[] {
  const plugins = draft['plugins']
  return Array.isArray(plugins)
    ? (plugins as Plugin[]).filter((plugin) => typeof plugin?.hooks === 'object')
    : []
}
