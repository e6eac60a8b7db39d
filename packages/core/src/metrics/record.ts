import { sentCounts, type Each, type Numbers } from '../plugin/record.ts'

/** A declaration of `plugin/record.ts`: descriptions by name, perhaps in groups. */
export interface Declaration {
  readonly [name: string]: string | Declaration
}

/** The same names, writable: for the code that counts. */
export type Draft<T> = { -readonly [Name in keyof T]: T[Name] extends number ? number : Draft<T[Name]> }

/** Zeros under the names of a declaration. */
export function zerosOf<const Declared extends Declaration>(declared: Declared): Draft<Numbers<Declared>> {
  return sumOf(declared, []) as Draft<Numbers<Declared>>
}

/** Adds numbers up, name by name. */
export function sumOf<const Declared extends Declaration>(
  declared: Declared,
  parts: readonly Numbers<Declared>[],
): Numbers<Declared> {
  return mapEach(declared, (name, inner) =>
    typeof inner === 'string'
      ? parts.reduce<number>((sum, part) => sum + (part[name] as unknown as number), 0)
      : sumOf(
          inner,
          parts.map((part) => part[name] as unknown as Numbers<Declaration>),
        ),
  ) as Numbers<Declared>
}

const sentNames = Object.keys(sentCounts) as (keyof typeof sentCounts)[]

/** How many requests were sent, however they ended. */
export function sentOf(counted: Numbers<typeof sentCounts>): number {
  return sentNames.reduce((sum, name) => sum + counted[name], 0)
}

/** Makes one value for each name of a declaration. */
export function mapEach<const Declared extends object, Value>(
  declared: Declared,
  make: (name: keyof Declared & string, described: Declared[keyof Declared]) => Value,
): Each<Declared, Value> {
  return Object.fromEntries(
    (Object.entries(declared) as [keyof Declared & string, Declared[keyof Declared]][]).map(
      ([name, described]) => [name, make(name, described)],
    ),
  ) as Each<Declared, Value>
}

/** A reading, and how long it held. */
export interface Spanned {
  readonly value: number
  readonly spanMs: number
}

/** How readings of several stretches of time become one. Without a reading, 0. */
export const mergers = {
  sum: (readings: readonly Spanned[]) => readings.reduce((sum, { value }) => sum + value, 0),
  max: (readings: readonly Spanned[]) =>
    readings.length > 0 ? readings.reduce((max, { value }) => Math.max(max, value), -Infinity) : 0,
  mean: (readings: readonly Spanned[]) => {
    const spanMs = readings.reduce((sum, reading) => sum + reading.spanMs, 0)
    return spanMs > 0 ? readings.reduce((sum, { value, spanMs: own }) => sum + value * own, 0) / spanMs : 0
  },
} as const
