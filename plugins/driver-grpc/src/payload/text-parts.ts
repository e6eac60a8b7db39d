/** A text with slots for the generated texts of a request, compiled once. */
export interface TextParts {
  readonly head: string
  readonly parts: readonly TextPart[]
}

interface TextPart {
  /** The index of the generated text. */
  readonly at: number
  /** How it is written here, such as percent-encoded. */
  readonly form: (text: string) => string
  readonly tail: string
}

/** Builds a text piece by piece. */
export interface TextBuilder {
  literal(text: string): void
  generated(at: number, form: (text: string) => string): void
  build(): TextParts
}

export function createTextBuilder(): TextBuilder {
  const literals = ['']
  const places: Omit<TextPart, 'tail'>[] = []
  return {
    literal(text) {
      literals[literals.length - 1] += text
    },
    generated(at, form) {
      places.push({ at, form })
      literals.push('')
    },
    build() {
      const [head, ...tails] = literals
      return { head: head!, parts: places.map((place, at) => ({ ...place, tail: tails[at]! })) }
    },
  }
}

/** The whole text for one request. */
export function renderParts({ head, parts }: TextParts, values: readonly string[]): string {
  let text = head
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]!
    text += part.form(values[part.at]!) + part.tail
  }
  return text
}
