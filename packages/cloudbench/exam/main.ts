import { parseArgs, stripVTControlCharacters } from 'node:util'
import { importPlugin, resolvePlugin } from '@cloudbench/core/program'
import { countingQuestions } from './counting.ts'
import { knownAnswers } from './ledger/known-answers.ts'
import type { Candidate } from './load.ts'
import { arrivalQuestions, freezeQuestions, questions, type Question } from './questions.ts'
import { line, markOf } from './reading.ts'

// known answers over real sockets and in real time: `pnpm exam [group…] [--client <name>] [--about <part of a question>]`,
// about two minutes for each group: a driver, or `known-answers`. Without a name, each driver has the client that it has by default.
// The core's tests ask the same in virtual time, where a busy machine cannot spoil the answer.

interface Group extends Candidate {
  /** @default the driver's name */
  readonly name?: string
  readonly questions: Readonly<Record<string, Question>>
}

const groups: readonly Group[] = [
  // by HTTP, from a server that keeps a ledger
  { name: 'known-answers', driver: 'http', workload: 'request', questions: knownAnswers },
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
const nameOf = ({ name, driver }: Group): string => name ?? driver
const unknown = wanted.find((name) => !groups.some((group) => nameOf(group) === name))
if (unknown !== undefined) refuse('group', unknown, groups.map(nameOf))
const asked = groups.filter((group) => wanted.length === 0 || wanted.includes(nameOf(group)))
if (client !== undefined)
  for (const { driver } of asked) {
    const { clients = {} } = await importPlugin(
      resolvePlugin(driver, 'driver', { from: import.meta.url }),
      'driver',
    )
    if (!Object.hasOwn(clients, client)) refuse(`client of ${driver}`, client, Object.keys(clients))
  }

const marks = { right: 0, doubtful: 0, wrong: 0 }
for (const { questions: its, ...group } of asked) {
  const options = { ...group.options, ...(client !== undefined && { client }) }
  for (const [name, question] of Object.entries(its)) {
    if (!name.includes(about)) continue
    console.log(`${group.name ?? group.driver}${client === undefined ? '' : ` by ${client}`}: ${name}`)
    for (const reading of await question({ ...group, options })) {
      console.log(line(reading))
      marks[markOf(reading)]++
    }
  }
}
// an invalid measurement is not a wrong one, but it has answered nothing either
if (marks.doubtful > 0)
  console.log(`${marks.doubtful} unanswered: the machine was too busy for a valid measurement (?)`)
console.log(marks.wrong > 0 ? `${marks.wrong} wrong` : marks.doubtful > 0 ? 'nothing wrong' : 'passed')
process.exitCode = marks.wrong > 0 ? 1 : marks.doubtful > 0 ? 3 : 0

function refuse(what: string, given: string, known: readonly string[]): never {
  const available = known.length === 0 ? 'none' : known.join(', ')
  console.error(`no ${what} ${stripVTControlCharacters(given)} to examine; available: ${available}`)
  process.exit(2)
}
