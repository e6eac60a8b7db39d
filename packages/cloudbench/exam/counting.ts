import type { Fault } from './fault.ts'
import { compare, type Candidate, type LoadShape } from './load.ts'
import type { Question } from './questions.ts'
import type { Reading } from './reading.ts'

// what a server counts, and what is reported: to the request and to the connection.

interface Case {
  readonly fault: Fault
  readonly timeoutMs: number
  readonly doTimeOut?: true
}

const due = 30
const shape = { rate: '10/s', durationMs: 3_000, connections: 2 } satisfies LoadShape
const timeoutMs = 10_000
/** Falls between two requests: a client library may not have written yet what it was given when the connection was given up. */
const shortTimeoutMs = 250

const cases: Readonly<Record<string, Case>> = {
  steady: { fault: 'none', timeoutMs },
  'server restart': { fault: 'restart', timeoutMs },
  'idle close': { fault: 'idle close', timeoutMs },
  'connection close': { fault: 'connection close', timeoutMs },
  timeout: { fault: 'silence', timeoutMs: shortTimeoutMs, doTimeOut: true },
}

/** One line of the table for each driver. */
export const countingQuestions: Readonly<Record<string, Question>> = Object.fromEntries(
  Object.entries(cases).map(([name, asked]) => [
    `what the server counts: ${name}`,
    (candidate: Candidate) => readings(candidate, asked),
  ]),
)

async function readings(
  candidate: Candidate,
  { fault, timeoutMs: limitMs, doTimeOut }: Case,
): Promise<readonly Reading[]> {
  const { reported, counted } = await compare(candidate, fault, { ...shape, timeoutMs: limitMs })
  const { total, connections } = reported
  // the host closes a connection on which a request has timed out, whatever else is in flight on it
  const closed = total.outcomes['connection closed after a time-out']?.count ?? 0
  return [
    equal('requests', counted.requests, total.sent),
    equal('answers', counted.answers, total.ok + total.timedOut + closed),
    equal('due', due, total.sent + total.unsent),
    equal('some time out', Number(doTimeOut ?? false), Number(total.timedOut > 0)),
    equal('connections opened', counted.accepted, connections.opened),
  ]
}

function equal(name: string, truth: number, reading: number): Reading {
  return { name, truth, reading, unit: '', tolerance: {} }
}
