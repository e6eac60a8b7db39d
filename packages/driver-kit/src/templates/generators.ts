import type { Call } from '@cloudbench/core'
import { uuidV4 } from './uuid.ts'

/** Makes one text for one request. */
export type Generator = (call: Call) => string

/** How a generator is written and made. */
export interface GeneratorKind {
  /** As the documentation shows it. */
  readonly usage: string
  /** Whether it stands as a number where it is the whole value in a JSON body. */
  readonly numeric: boolean
  /** From the arguments between the colons; throws a sentence when they make no sense. */
  create(args: readonly string[]): Generator
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
/** A draw has 32 bits, which is enough for this many characters of the alphabet. */
const charactersPerDraw = 5
const longestText = 1_048_576
const drawValues = 4_294_967_296

/** Everything that may stand in `${…}`. All but the time of day repeat with the seed. */
export const generatorKinds: Readonly<Record<string, GeneratorKind>> = {
  uuid: {
    usage: '${uuid}',
    numeric: false,
    create: (args) => {
      expectNone(args)
      return uuidV4
    },
  },
  index: {
    usage: '${index}',
    numeric: true,
    create: (args) => {
      expectNone(args)
      return (call) => String(call.index)
    },
  },
  int: {
    usage: '${int:1:1000}',
    numeric: true,
    create: (args) => {
      if (args.length !== 2) throw new Error('needs the smallest and the largest number')
      const from = integer(args[0]!)
      const values = integer(args[1]!) - from + 1
      if (values < 1) throw new Error(`${args[0]} is larger than ${args[1]}`)
      if (values > drawValues) throw new Error(`may have ${drawValues} different values at most`)
      return (call) => String(from + Math.floor(call.random() * values))
    },
  },
  string: {
    usage: '${string:16}',
    numeric: false,
    create: (args) => {
      if (args.length !== 1) throw new Error('needs the number of characters')
      const length = integer(args[0]!)
      if (length < 1 || length > longestText) throw new Error(`needs 1 to ${longestText} characters`)
      return (call) => randomText(call, length)
    },
  },
  choice: {
    usage: '${choice:red:green:blue}',
    numeric: false,
    create: (args) => {
      if (args.length === 0) throw new Error('needs something to choose from')
      return (call) => args[Math.floor(call.random() * args.length)]!
    },
  },
  timestamp: {
    usage: '${timestamp}',
    numeric: true,
    create: (args) => {
      expectNone(args)
      return () => String(Date.now())
    },
  },
}

function expectNone(args: readonly string[]): void {
  if (args.length > 0) throw new Error('takes no arguments')
}

function integer(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value)) throw new Error(`"${text}" is not a whole number`)
  return value
}

function randomText(call: Call, length: number): string {
  let text = ''
  for (let left = length; left > 0; left -= charactersPerDraw) {
    let bits = Math.floor(call.random() * drawValues)
    for (let at = Math.min(left, charactersPerDraw); at > 0; at--) {
      text += alphabet[bits % alphabet.length]
      bits = Math.floor(bits / alphabet.length)
    }
  }
  return text
}
