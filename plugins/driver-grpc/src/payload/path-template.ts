/** A path of a `google.api.http` annotation, taken apart. */
export interface PathTemplate {
  /** As it was written. */
  readonly text: string
  /** The text before the first variable. */
  readonly head: string
  readonly variables: readonly PathVariable[]
}

export interface PathVariable {
  /** Names of fields, from the outermost message inwards. */
  readonly field: readonly string[]
  /** What a value must look like as a whole. */
  readonly matches: RegExp
  /** What it looks like once it is percent-encoded. */
  readonly encoded: string
  /** Whether a value is one segment of the path; then a slash in it is encoded too. */
  readonly isSegment: boolean
  /** The text up to the next variable. */
  readonly tail: string
}

const variable = /\{([^{}=]+)(?:=([^{}]*))?\}/g

/**
 * Takes a path template apart.
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
      // a slash in a value of one segment is encoded, so it may be there
      matches: pattern === '*' ? /^.+$/s : new RegExp(`^${patternSource(pattern)}$`, 's'),
      encoded: patternSource(pattern),
      isSegment: pattern === '*',
    })
  }
  literals.push(text.slice(end))
  const stray = literals.find((literal) => /[{}*]/.test(literal))
  if (stray !== undefined)
    throw new Error(
      `the path template ${text} has ${stray.includes('*') ? 'a * that no field stands for' : 'braces that do not match'}`,
    )
  const [head, ...tails] = literals
  return { text, head: head!, variables: found.map((one, at) => ({ ...one, tail: tails[at]! })) }
}

/** What paths of a template look like on the wire, with a group for each variable. */
export function pathPattern({ head, variables }: PathTemplate): RegExp {
  const source = variables.map(({ encoded, tail }) => `(${encoded})${escaped(tail)}`)
  return new RegExp(`^${escaped(head)}${source.join('')}$`, 's')
}

/** Percent-encodes everything but letters, digits and `-_.~`, as the annotation's documentation demands. */
export function encodeSegment(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The same for a value of several segments: the slashes between them stay. */
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
