/** A path of a `google.api.http` annotation, parsed. */
export interface PathTemplate {
  /** As written. */
  readonly text: string
  /** The text before the first variable. */
  readonly head: string
  readonly variables: readonly PathVariable[]
}

export interface PathVariable {
  /** Names of fields, outermost message first. */
  readonly field: readonly string[]
  /** The pattern a whole value must match. */
  readonly matches: RegExp
  /** The source of the pattern it matches once percent-encoded. */
  readonly encoded: string
  /** Whether the value is a single segment, so that a slash in it is encoded too. */
  readonly isSegment: boolean
  /** The text up to the next variable. */
  readonly tail: string
}

const variable = /\{([^{}=]+)(?:=([^{}]*))?\}/g

/**
 * Parses a path template.
 * @throws Error that says what is wrong with it.
 */
export function parsePathTemplate(text: string): PathTemplate {
  if (!text.startsWith('/')) throw new Error(`the path template ${text} does not begin with /`)
  const literals: string[] = []
  const found: Omit<PathVariable, 'tail'>[] = []
  let end = 0
  for (const match of text.matchAll(variable)) {
    const [whole, name, pattern = '*'] = match
    literals.push(text.slice(end, match.index))
    end = match.index + whole.length
    found.push({
      field: name!.trim().split('.'),
      // a slash in a single segment is encoded, so it is allowed
      matches: pattern === '*' ? /^.+$/s : new RegExp(`^${patternSource(pattern)}$`, 's'),
      encoded: patternSource(pattern),
      isSegment: pattern === '*',
    })
  }
  literals.push(text.slice(end))
  const stray = literals.find((literal) => /[{}*]/.test(literal))
  if (stray !== undefined)
    throw new Error(
      `the path template ${text} has ${stray.includes('*') ? 'a * without a field' : 'unbalanced braces'}`,
    )
  const [head, ...tails] = literals
  return { text, head: head!, variables: found.map((one, at) => ({ ...one, tail: tails[at]! })) }
}

/** Matches paths of a template on the wire, with a group per variable. */
export function pathPattern({ head, variables }: PathTemplate): RegExp {
  const source = variables.map(({ encoded, tail }) => `(${encoded})${escaped(tail)}`)
  return new RegExp(`^${escaped(head)}${source.join('')}$`, 's')
}

/** Percent-encodes everything except letters, digits and `-_.~`, as the annotation's documentation requires. */
export function encodeSegment(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The same for a value of several segments, keeping the slashes between them. */
export function encodeSegments(value: string): string {
  return value.split('/').map(encodeSegment).join('/')
}

/** `*` is one segment, `**` any number of them. */
function patternSource(pattern: string): string {
  return pattern
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.+' : part === '*' ? '[^/]+' : escaped(part)))
    .join('')
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
