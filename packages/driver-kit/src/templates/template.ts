import type { Call } from '@cloudbench/core'
import { generatorKinds, type Generator } from './generators.ts'

/** A text with generated parts, taken apart once. */
export interface Template {
  /** The text before the first generated part; the whole text when there is none. */
  readonly head: string
  /** Each generated part with the text that follows it. */
  readonly parts: readonly { readonly generate: Generator; readonly tail: string }[]
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
export function render({ head, parts }: Template, call: Call): string {
  let text = head
  for (const part of parts) text += part.generate(call) + part.tail
  return text
}

function compile(
  text: string,
  pattern: RegExp,
  read: (match: RegExpMatchArray) => { readonly name: string; readonly quoted: boolean },
): Template {
  const literals = ['']
  const generators: Generator[] = []
  let end = 0
  const append = (literal: string): void => {
    literals[literals.length - 1] += literal
  }
  for (const match of text.matchAll(pattern)) {
    append(text.slice(end, match.index))
    end = match.index + match[0].length
    if (match[0] === '$${') {
      append('${')
      continue
    }
    const { name, quoted } = read(match)
    const { generate, numeric } = generatorOf(name)
    const quote = quoted && !numeric ? '"' : ''
    append(quote)
    generators.push(generate)
    literals.push(quote)
  }
  append(text.slice(end))
  const [head, ...tails] = literals
  return { head: head!, parts: tails.map((tail, at) => ({ generate: generators[at]!, tail })) }
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

/** What was probably meant: a name that begins alike or shares most of its letters; otherwise all there is. */
function suggestion(name: string): string {
  const wanted = name.toLowerCase()
  const near = Object.keys(generatorKinds).find(
    (known) =>
      wanted !== '' && (known.startsWith(wanted) || wanted.startsWith(known) || shared(known, wanted) >= 0.7),
  )
  if (near !== undefined) return `did you mean ${generatorKinds[near]!.usage}?`
  return `there is ${Object.values(generatorKinds)
    .map(({ usage }) => usage)
    .join(', ')}`
}

/** The share of letters, in order, that two words have in common. */
function shared(left: string, right: string): number {
  let matched = 0
  let from = 0
  for (const letter of right) {
    const found = left.indexOf(letter, from)
    if (found < 0) continue
    matched++
    from = found + 1
  }
  return matched / Math.max(left.length, right.length)
}
