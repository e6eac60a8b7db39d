import type { Json } from '../plugin/common.ts'
import type { Setting } from '../plugin/model.ts'
import type { ResolvedConfig } from './resolved.ts'

/** More than this is no longer read by anyone, and would fill result files. */
const mostSettings = 1_000
const longestText = 2_000

/** What is configured for the selected scenarios, secrets redacted: part of every result, so that it says what was measured. */
export function settingsOf(config: ResolvedConfig): Setting[] {
  const targets = new Set(
    config.selected.flatMap((id) =>
      Object.values(config.tree.scenarios?.[id]?.flows ?? {}).map(({ target }) => target),
    ),
  )
  const selected = new Set(config.selected)
  const entries = config.entries().filter(({ keys: [group, name = ''] }) => {
    if (group === 'scenarios') return selected.has(name)
    // one that a variable names may be any of them
    return group !== 'targets' || targets.has(name) || [...targets].some((target) => target?.includes('${'))
  })
  const settings = entries.slice(0, mostSettings).map(({ path, data, origin }) => ({
    path: config.redact(path),
    value: bounded(redacted(data, (text) => config.redact(text))),
    origin: config.redact(origin),
  }))
  const left = entries.length - settings.length
  return left > 0 ? [...settings, { path: '…', value: `${left} more settings`, origin: '' }] : settings
}

function redacted(value: Json, redact: (text: string) => string): Json {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? redact(part) : part)),
  ) as Json
}

/** A long value as the beginning of its text. */
function bounded(value: Json): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= longestText ? value : `${text.slice(0, longestText)}… (${text.length} characters)`
}
