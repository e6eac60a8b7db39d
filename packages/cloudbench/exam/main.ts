import { parseArgs, stripVTControlCharacters } from 'node:util'
import { countingQuestions } from './counting.ts'
import type { Candidate } from './load.ts'
import { arrivalQuestions, freezeQuestions, questions, type Question } from './questions.ts'
import { isRight, line } from './reading.ts'

// known answers over real sockets and in real time: `pnpm exam [driver…] [--about <part of a question>]`,
// about two minutes for each driver.
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
  options: { about: { type: 'string', default: '' } },
  allowPositionals: true,
})
const { about } = values
const unknown = wanted.find((name) => !candidates.some(({ driver }) => driver === name))
if (unknown !== undefined) {
  const known = candidates.map(({ driver }) => driver).join(', ')
  console.error(`no driver ${stripVTControlCharacters(unknown)} to examine; available: ${known}`)
  process.exit(2)
}

let wrong = 0
for (const candidate of candidates) {
  if (wanted.length > 0 && !wanted.includes(candidate.driver)) continue
  for (const [name, question] of Object.entries(candidate.questions)) {
    if (!name.includes(about)) continue
    console.log(`${candidate.driver}: ${name}`)
    for (const reading of await question(candidate)) {
      console.log(line(reading))
      if (!isRight(reading)) wrong++
    }
  }
}
console.log(wrong === 0 ? 'passed' : `${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1
