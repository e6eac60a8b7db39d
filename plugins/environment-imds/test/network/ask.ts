import { discover } from '../../src/discover.ts'
import { options } from '../../src/options.ts'

/** Discovers with the options that it is given in JSON, and prints facts and warnings in JSON. */
const warnings: string[] = []
const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
const facts = await discover({
  options: options.parse({ root: '/nonexistent', ...JSON.parse(process.argv[2] ?? '{}') }),
  log,
  signal: new AbortController().signal,
  facts: {},
})
console.log(JSON.stringify({ facts, warnings }))
