import { CloudbenchError } from '../errors.ts'
import type { Plugin } from '../hooks/lifecycle.ts'
import type { Json } from '../plugin/common.ts'
import type { Source } from '../plugin/model.ts'
import { digestOf } from './digest.ts'
import type { Places } from './files.ts'
import { deepFreeze } from './freeze.ts'
import { formatPath, type Path } from './path.ts'
import type { InlineReporter, PluginRef } from './plan.ts'
import { inlineName, isWrittenRef, reporterOf } from './plugin-ref.ts'
import { createRedactor, type Redactor } from './redactor.ts'
import { formatScalar } from './scalar.ts'
import type { ConfigTree } from './schema.ts'
import { isSecretHeader, isSecretKey } from './secret-key.ts'
import { partsOf, redactValue } from './secret-text.ts'
import { mask, withoutDefaults } from './secret-url.ts'
import { hasReference, resolveText } from './secrets.ts'
import { isPlainObject, layerAt, leavesOf, originAt, sourceAt, type Branch, type LayerName } from './tree.ts'

/** One value of the configuration, as `cloudbench config` prints it. */
export interface ConfigEntry {
  /** As `--set` takes it. */
  readonly path: string
  readonly keys: Path
  /** What it is, without functions; secrets redacted. */
  readonly data: Json
  /** As `--set` takes it; secrets redacted. */
  readonly value: string
  /** Such as `config/baseline/ci.yaml:7:3`, `CLOUDBENCH_TARGETS__REDIS__URL` or `--set`. */
  readonly origin: string
}

/** The configuration after every layer, checked and frozen. */
export interface ResolvedConfig {
  /** With references such as `${env:…}` as written, but passwords in URLs in the clear: never show it. */
  readonly tree: Readonly<ConfigTree>
  /** The same for display and for plugins: secrets redacted. */
  readonly printed: Readonly<Record<string, unknown>>
  /** Where each value was written, by path. */
  readonly origins: ReadonlyMap<string, string>
  /** Every file that was read, the lowest layer first. */
  readonly files: readonly string[]
  /** The scenarios to run, in order. */
  readonly selected: readonly string[]
  /** What relative paths in the configuration start from. */
  readonly folder: string
  readonly cwd: string
  /** `file:` URL that plugin names are resolved from. */
  readonly resolveFrom: string
  /** SHA-256 of `deciding`, without what was derived from a machine: the same commit gives the same digest on every one. */
  readonly digest: string
  /** What determines the load: `printed` without `reporters` and `output`. */
  readonly deciding: Readonly<Record<string, unknown>>
  /** Options with references as written; `makePlan` resolves them. */
  readonly reporters: readonly (PluginRef | InlineReporter)[]
  readonly plugins: readonly Plugin[]
  redact(text: string): string
  /** Keeps the password of a url out as well that is not in the configuration, such as that of a started service. */
  rememberUrl(url: string): void
  entries(): readonly ConfigEntry[]
  /** Where the value at a path, or the nearest above it, was written. */
  originOf(path: Path): string
  /** The place in a file where the value at a path was written; undefined where it is written in none. */
  sourceOf(path: Path): Source | undefined
  /** The layer of the value at a path, or of the nearest above it. */
  layerOf(path: Path): LayerName
  /** Copies a value with every reference replaced. Throws `CB_SECRET` when one cannot be resolved. */
  resolve<T>(value: T, path: Path): T
}

interface Ingredients {
  readonly value: ConfigTree
  readonly tree: Branch
  readonly selected: readonly string[]
  readonly files: readonly string[]
  readonly places: Places
  readonly env: Readonly<Record<string, string | undefined>>
  readonly resolveFrom: string
}

export function resolvedConfig({
  value,
  tree,
  selected,
  files,
  places,
  env,
  resolveFrom,
}: Ingredients): ResolvedConfig {
  const redactor = createRedactor()
  const source = { env, folder: places.root, redactor }
  const resolve = <T>(part: T, path: Path): T =>
    mapTexts(part, path, (text, at) =>
      resolveText(text, source, { path: formatPath(at), origin: originAt(tree, at) }, maySecret(at)),
    )
  const { plugins = [], reporters = [], ...data } = value
  rememberAll(value, redactor, resolve)
  rememberProxies(env, redactor)
  const shownReporters = reporters.map((reporter) =>
    isWrittenRef(reporter) ? reporter : inlineName(reporter),
  )
  const inline = plugins.length > 0 ? { plugins: plugins.map(inlineName) } : {}
  const printed = redacted({ ...data, ...inline, ...(value.reporters ? { reporters: shownReporters } : {}) })
  const { reporters: _, output: __, ...deciding } = printed
  return {
    tree: Object.freeze({ ...deepFreeze(data), plugins, reporters }),
    printed: deepFreeze(printed),
    origins: new Map([...leavesOf(tree)].map(({ path, leaf }) => [formatPath(path), leaf.origin.text])),
    files,
    selected,
    folder: places.root,
    cwd: places.cwd,
    resolveFrom,
    digest: digestOf(deciding),
    deciding: deepFreeze(deciding),
    reporters: reporters.map((reporter) => reporterOf(reporter as InlineReporter)),
    plugins,
    redact: (text) => redactor.redact(text),
    rememberUrl: (url) => redactor.rememberUrls(url),
    entries: () =>
      [...leavesOf(tree)].map(({ path, leaf }) => {
        const shown = valueIn(printed, path)
        return {
          path: formatPath(path),
          keys: path,
          data: JSON.parse(JSON.stringify(shown) ?? 'null') as Json,
          value: formatScalar(shown),
          origin: leaf.origin.text,
        }
      }),
    originOf: (path) => originAt(tree, path),
    sourceOf: (path) => sourceAt(tree, path),
    layerOf: (path) => layerAt(tree, path),
    resolve,
  }
}

/** Only these can hold a secret; a rate or a duration from a variable is not one, and may be in every report. */
function maySecret(path: Path): boolean {
  return (
    path.includes('url') ||
    path.includes('options') ||
    path.includes('target') ||
    path[0] === 'environment' ||
    path[0] === 'reporters'
  )
}

/** A reference that cannot be resolved is an error only when it is needed. */
function rememberAll(
  value: unknown,
  redactor: Redactor,
  resolve: (text: string, path: Path) => string,
): void {
  mapScalars(value, [], (scalar, path) => {
    let known = scalar
    try {
      if (typeof scalar === 'string') known = resolve(scalar, path)
    } catch (error) {
      if (!(error instanceof CloudbenchError)) throw error
    }
    if (typeof known === 'string') redactor.rememberUrls(beginningOf(path, known) + known)
    if (isSecret(path)) {
      if (typeof known === 'string' && hasReference(known)) return scalar
      for (const secret of [String(known), ...partsOf(String(known))]) redactor.remember(secret)
      rememberLogins(String(known), valueIn(value, path.slice(0, -1)), path, { redactor, resolve })
    } else if (known === scalar) spareWords(path, scalar, redactor)
    return scalar
  })
}

/** What uses the proxy of the environment may speak of it. */
function rememberProxies(env: Ingredients['env'], redactor: Redactor): void {
  for (const [name, url] of Object.entries(env))
    if (url && /^(https?|all)_proxy$/i.test(name))
      redactor.rememberUrls(url.includes('://') ? url : `http://${url}`)
}

/** What a url is written without: that of a proxy may be `user:password@host`. */
function beginningOf(path: Path, text: string): string {
  return /proxy$/i.test(path.at(-1) ?? '') && text.includes('@') && !text.includes('://') ? 'http://' : ''
}

function redacted(value: Record<string, unknown>): Record<string, unknown> {
  return mapScalars(value, [], (scalar, path) => {
    const isReference = typeof scalar === 'string' && hasReference(scalar)
    if (isSecret(path)) return isReference ? withoutDefaults(scalar) : mask
    if (typeof scalar !== 'string') return scalar
    const beginning = beginningOf(path, scalar)
    return redactValue(beginning + scalar).slice(beginning.length)
  })
}

/** The name and the password of one login, side by side. */
function rememberLogins(
  password: string,
  siblings: unknown,
  path: Path,
  { redactor, resolve }: { redactor: Redactor; resolve: (text: string, path: Path) => string },
): void {
  if (!isPlainObject(siblings)) return
  for (const key of ['user', 'username']) {
    const user = siblings[key]
    if (typeof user !== 'string') continue
    try {
      redactor.rememberLogin(resolve(user, [...path.slice(0, -1), key]), password)
    } catch (error) {
      if (!(error instanceof CloudbenchError)) throw error
    }
  }
}

/** Names and words of the configuration are all over a report, and in plain sight. */
function spareWords(path: Path, scalar: string | number, redactor: Redactor): void {
  for (const word of [...path, String(scalar)]) if (/^[\w-]{1,20}$/.test(word)) redactor.spare(word)
}

/** Its name, or that of what contains it, says that it is a secret. Names of targets and scenarios say nothing. */
function isSecret(path: Path): boolean {
  const names = path.slice(path.indexOf('options') + 1).filter((key) => !/^\d+$/.test(key))
  const own = path.includes('options') ? names : names.slice(-1)
  const inHeaders = names.some((key) => /^(headers|metadata|cookies)$/i.test(key))
  return own.some(isSecretKey) || (inHeaders && isSecretHeader(names.at(-1) ?? ''))
}

function mapTexts<T>(value: T, path: Path, change: (text: string, path: Path) => string): T {
  return mapScalars(value, path, (scalar, at) => (typeof scalar === 'string' ? change(scalar, at) : scalar))
}

type ChangeScalar = (scalar: string | number, path: Path) => string | number

/** Copies a value with its strings and numbers changed. Objects with functions in them are passed on as they are. */
function mapScalars<T>(value: T, path: Path, change: ChangeScalar): T {
  if (typeof value === 'string' || typeof value === 'number') return change(value, path) as T
  if (Array.isArray(value))
    return value.map((item, at) => mapScalars(item as unknown, [...path, String(at)], change)) as T
  if (!isPlainObject(value) || Object.values(value).some((child) => typeof child === 'function')) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, mapScalars(child, [...path, key], change)]),
  ) as T
}

function valueIn(value: unknown, path: Path): unknown {
  return path.reduce((current, key) => (isPlainObject(current) ? current[key] : undefined), value)
}
