import type { Call } from '@cloudbench/core'
import { nearest } from '@cloudbench/core/text'
import { generatorKinds, type Generator } from './generators.ts'

/** A text with generated parts, taken apart once. They are generated from a request, or what else is put in. */
export interface Template<Input = Call> {
  /** The text before the first generated part; the whole text when there is none. */
  readonly head: string
  /** Each generated part with the text that follows it. */
  readonly parts: readonly { readonly generate: (input: Input) => string; readonly tail: string }[]
}

/** Builds a template piece by piece. */
export interface TemplateBuilder<Input> {
  literal(text: string): void
  generated(generate: (input: Input) => string): void
  build(): Template<Input>
}

/** `$${` stands for a `${` that is meant literally. */
const reference = /\$\$\{|\$\{([^{}]*)\}/g

/** The same in JSON, where quotes around a value that is nothing but a reference are taken as well. */
const jsonReference = /\$\$\{|"\$\{([^{}"]*)\}"(?!:)|\$\{([^{}]*)\}/g

/**
 * Takes a text apart at its `${…}`.
 * @throws Error that names the generator and what was probably meant.
 */
export function compileTemplate(text: string): Template {
  return compile(text, reference, (written) => ({ name: written[1]!, quoted: false }))
}

/**
 * The same for a value that is sent as JSON. A string that is nothing but a numeric generator becomes a number.
 * @throws Error that names the generator and what was probably meant.
 */
export function compileJson(value: unknown): Template {
  return compile(JSON.stringify(value), jsonReference, (written) => ({
    name: written[1] ?? written[2]!,
    quoted: written[1] !== undefined,
  }))
}

/** Puts the text together for one request. */
export function render<Input>({ head, parts }: Template<Input>, input: Input): string {
  let text = head
  for (const part of parts) text += part.generate(input) + part.tail
  return text
}

export function createTemplateBuilder<Input = Call>(): TemplateBuilder<Input> {
  const literals = ['']
  const generators: ((input: Input) => string)[] = []
  return {
    literal(text) {
      literals[literals.length - 1] += text
    },
    generated(generate) {
      generators.push(generate)
      literals.push('')
    },
    build() {
      const [head, ...tails] = literals
      return { head: head!, parts: tails.map((tail, at) => ({ generate: generators[at]!, tail })) }
    },
  }
}

function compile(
  text: string,
  pattern: RegExp,
  read: (match: RegExpMatchArray) => { readonly name: string; readonly quoted: boolean },
): Template {
  const builder = createTemplateBuilder()
  let end = 0
  for (const match of text.matchAll(pattern)) {
    builder.literal(text.slice(end, match.index))
    end = match.index + match[0].length
    if (match[0] === '$${') {
      builder.literal('${')
      continue
    }
    const { name, quoted } = read(match)
    const { generate, numeric } = generatorOf(name)
    const quote = quoted && !numeric ? '"' : ''
    builder.literal(quote)
    builder.generated(generate)
    builder.literal(quote)
  }
  builder.literal(text.slice(end))
  return builder.build()
}

function generatorOf(written: string): { readonly generate: Generator; readonly numeric: boolean } {
  const [name, ...args] = written.split(':')
  const kind = Object.hasOwn(generatorKinds, name!) ? generatorKinds[name!]! : undefined
  if (!kind) throw new Error(`there is no generator \${${written}}: ${suggestion(name!)}`)
  try {
    return { generate: kind.create(args), numeric: kind.numeric }
  } catch (error) {
    throw new Error(`\${${written}} ${(error as Error).message}, as in ${kind.usage}`, { cause: error })
  }
}

/** What was probably meant: a similar name or one that begins alike; otherwise all that are available. */
function suggestion(name: string): string {
  const names = Object.keys(generatorKinds)
  const near =
    nearest(name, names) ??
    names.find((known) => name !== '' && (known.startsWith(name) || name.startsWith(known)))
  if (near !== undefined) return `did you mean ${generatorKinds[near]!.usage}?`
  const usages = Object.values(generatorKinds).map(({ usage }) => usage)
  return `available: ${usages.join(', ')}`
}
