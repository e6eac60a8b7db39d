import { CloudbenchError } from '../errors.ts'
import { nearest } from '../text/suggest.ts'

/** The scenarios that match the given names and globs, in the order given, each once. */
export function selectScenarios(patterns: readonly string[], known: readonly string[]): string[] {
  const selected = new Set<string>()
  for (const pattern of patterns) {
    const matches = known.includes(pattern)
      ? [pattern]
      : isGlob(pattern)
        ? known.filter((id) => globExpression(pattern).test(id))
        : []
    if (matches.length === 0) throw notFound(pattern, known)
    for (const id of matches) selected.add(id)
  }
  return [...selected]
}

/** Of these scenarios, those that have any of the tags. */
export function withTags(
  wanted: readonly string[],
  ids: readonly string[],
  tagsOf: (id: string) => readonly string[],
  known: readonly string[],
): string[] {
  const available = new Set(known.flatMap(tagsOf))
  for (const tag of wanted) if (!available.has(tag)) throw unknownTag(tag, available)
  const selected = ids.filter((id) => tagsOf(id).some((tag) => wanted.includes(tag)))
  if (selected.length > 0) return selected
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `none of the named scenarios has the tag ${wanted.join(' or ')}`,
    expected: ids.map((id) => `${id}: ${tagsOf(id).join(', ') || 'no tags'}`).join('; '),
    next: 'use --tag alone, for every scenario that has it',
  })
}

function unknownTag(tag: string, available: ReadonlySet<string>): CloudbenchError {
  const meant = nearest(tag, available)
  return new CloudbenchError({
    code: 'CB_USAGE',
    what: `no scenario has the tag ${tag}`,
    expected:
      available.size === 0 ? 'a scenario with tags' : `one of ${[...available].toSorted().join(', ')}`,
    next:
      meant === undefined
        ? 'write tags: [...] on a scenario, or see cloudbench list'
        : `did you mean ${meant}?`,
  })
}

function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern)
}

/** `*` is any text and `?` any character. */
function globExpression(glob: string): RegExp {
  const literal = glob.replaceAll(/[\\^$.+()[\]{}|/-]/g, String.raw`\$&`)
  return new RegExp(`^${literal.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`, 's')
}

function notFound(pattern: string, known: readonly string[]): CloudbenchError {
  const meant = isGlob(pattern) ? undefined : nearest(pattern, known)
  const list = known.length === 0 ? 'there is no scenario' : `available: ${known.join(', ')}`
  return new CloudbenchError({
    code: 'CB_USAGE',
    what: isGlob(pattern) ? `no scenario matches ${pattern}` : `there is no scenario ${pattern}`,
    expected: list,
    next: meant === undefined ? 'cloudbench list' : `did you mean ${meant}?`,
  })
}
