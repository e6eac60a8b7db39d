import { type Fault, isFault } from './fault.ts'

/** One thing that a plugin has to do. Each is tried in a process of its own. */
export interface Rule {
  /** Reads as a sentence about the plugin. */
  readonly name: string
  /** After this long the rule counts as broken. */
  readonly limitMs: number
  /** Rejects with the fault it finds. Resolves with notes: a warning, or why nothing was tried. */
  run(): Promise<readonly string[]>
}

/** Names of the rules for every kind of plugin. */
export const commonRules = {
  identity: 'loads by its URL, has a name, and starts nothing when it is loaded',
  options: 'accepts its options, and refuses others by name',
  descriptions: 'describes every option',
} as const

/** The `test` of vitest, or any function with the same signature. */
export type Test = (name: string, options: { readonly timeout: number }, run: () => Promise<void>) => unknown

export interface Registration {
  /** From vitest. */
  readonly test: Test
  /** Receives notes that are not faults, such as what a request costs. @default console.warn */
  readonly report?: (line: string) => void
}

/** How much longer than the rule itself a test runner waits. */
const graceMs = 10_000

/** Makes a test of every rule. */
export function register(rules: readonly Rule[], { test, report = console.warn }: Registration): void {
  for (const { name, limitMs, run } of rules)
    test(name, { timeout: limitMs + graceMs }, async () => {
      for (const note of await run()) report(`${name}: ${note}`)
    })
}

/** Tries every rule, one after the other, and collects the faults. Stops at once if the plugin does not even load. */
export async function examine(rules: readonly Rule[]): Promise<Fault[]> {
  const faults: Fault[] = []
  for (const [at, { name, run }] of rules.entries())
    try {
      await run()
    } catch (error) {
      if (!isFault(error)) throw error
      faults.push({ rule: name, ...error.details })
      if (at === 0) break
    }
  return faults
}
