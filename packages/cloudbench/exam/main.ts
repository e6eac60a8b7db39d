import { parseArgs, stripVTControlCharacters } from 'node:util'
import { importPlugin, resolvePlugin } from '@cloudbench/core/program'
import { countingQuestions } from './counting.ts'
import type { Candidate } from './load.ts'
import { arrivalQuestions, freezeQuestions, questions, type Question } from './questions.ts'
import { isRight, line } from './reading.ts'

// known answers over real sockets and in real time: `pnpm exam [driver…] [--client <name>] [--about <part of a question>]`,
// about two minutes for each driver. Without a name, each driver has the client that it has by default.
// The core's tests ask the same in virtual time, where a busy machine cannot spoil the answer.

const candidates: readonly (Candidate & { readonly questions: Readonly<Record<string, Question>> })[] = [
  {
    driver: 'http',
    workload: 'json-api',
    questions: { ...questions, ...arrivalQuestions, ...countingQuestions },
  },
  {
    driver: 'redis',
    workload: 'read-heavy',
    options: { keys: 1_000 },
    questions: { ...questions, ...countingQuestions },
  },
  {
    driver: 'postgres',
    workload: 'read',
    options: { rows: 1_000 },
    questions: { ...questions, ...countingQuestions },
  },
  // many requests share a connection here
  {
    driver: 'grpc',
    workload: 'unary',
    options: { streams: 100 },
    connections: 8,
    questions: { ...freezeQuestions, ...countingQuestions },
  },
  {
    driver: 'amqp',
    workload: 'send',
    options: { pipelining: 100 },
    connections: 8,
    questions: { ...freezeQuestions, ...countingQuestions },
  },
  {
    driver: 'kafka',
    workload: 'produce',
    options: { lingerMs: 0 },
    connections: 8,
    questions: { ...freezeQuestions, ...countingQuestions },
  },
]

const { values, positionals: wanted } = parseArgs({
  options: { about: { type: 'string', default: '' }, client: { type: 'string' } },
  allowPositionals: true,
})
const { about, client } = values
const unknown = wanted.find((name) => !candidates.some(({ driver }) => driver === name))
if (unknown !== undefined)
  refuse(
    'driver',
    unknown,
    candidates.map(({ driver }) => driver),
  )
const asked = candidates.filter(({ driver }) => wanted.length === 0 || wanted.includes(driver))
if (client !== undefined)
  for (const { driver } of asked) {
    const { clients = {} } = await importPlugin(
      resolvePlugin(driver, 'driver', { from: import.meta.url }),
      'driver',
    )
    if (!Object.hasOwn(clients, client)) refuse(`client of ${driver}`, client, Object.keys(clients))
  }

let wrong = 0
for (const { questions: its, ...candidate } of asked) {
  const options = { ...candidate.options, ...(client !== undefined && { client }) }
  for (const [name, question] of Object.entries(its)) {
    if (!name.includes(about)) continue
    console.log(`${candidate.driver}${client === undefined ? '' : ` by ${client}`}: ${name}`)
    for (const reading of await question({ ...candidate, options })) {
      console.log(line(reading))
      if (!isRight(reading)) wrong++
    }
  }
}
console.log(wrong === 0 ? 'passed' : `${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1

function refuse(what: string, given: string, known: readonly string[]): never {
  const available = known.length === 0 ? 'none' : known.join(', ')
  console.error(`no ${what} ${stripVTControlCharacters(given)} to examine; available: ${available}`)
  process.exit(2)
}
