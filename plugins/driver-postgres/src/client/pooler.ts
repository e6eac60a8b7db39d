import { setTimeout as sleep } from 'node:timers/promises'
import { CloudbenchError, type Shareable, type TaskContext } from '@cloudbench/core'
import type { PostgresOptions } from '../options.ts'
import type { PostgresServer } from '../target.ts'
import type { OpenClient, SqlSession } from './attempt.ts'

/** What is between the driver and the server: `transaction` if a session may be another one after a transaction. */
export type Pooler = 'none' | 'transaction'

/** How often two sessions of a pooler are compared. */
const comparisons = 5
/** How often the first session is asked while the second has no answer. */
const patience = 20
const pauseMs = 50

interface Found extends Shareable {
  readonly pooler: Pooler
}

/**
 * What the option says, or what is found out: a pooler makes up the process number that it tells a client, so it is not
 * that of the server's process. Whether it hands sessions on is then seen from a second one.
 */
export async function poolerOf(
  context: TaskContext<PostgresOptions>,
  { client, server }: OpenClient,
  openAnother: () => Promise<OpenClient>,
): Promise<Pooler> {
  const given = context.options.pooler
  if (given !== 'auto') return given
  if (!(await isPooled(client))) return 'none'
  const { pooler } = await context.share<Found>(`postgres pooler of ${server.shown}`, async () => {
    const found = await compare(client, openAnother)
    if (found === 'transaction' && context.worker.index === 0)
      context.log.warn(
        `${server.shown} is a pooler in transaction mode, so statements have no name, as with pooler: transaction`,
      )
    return { pooler: found, close() {} }
  })
  return pooler
}

/** Refuses options that would leave something in a session that another client gets, or that need names. */
export function refuseState(options: PostgresOptions, pooler: Pooler, { shown }: PostgresServer): void {
  if (pooler === 'none') return
  const { statementTimeoutMs, pipelining, client } = options
  const isIsolated =
    'isolation' in options && options.transaction === 'at once' && options.isolation !== 'read committed'
  const refuse = (why: string, next: string): never => {
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `${shown} is a pooler in transaction mode, and ${why}`,
      expected: 'options that need no session of their own, or the url of the server itself',
      next,
    })
  }
  if (isIsolated)
    refuse(
      'the option isolation is a setting of a session',
      'use transaction: step by step, which names the isolation of each',
    )
  if (statementTimeoutMs !== undefined)
    refuse(
      'the option statementTimeoutMs is a setting of a session',
      'remove it, and use ALTER ROLE … SET statement_timeout',
    )
  if (client === 'postgres.js' && pipelining > 1)
    refuse(
      'without names postgres.js has one statement in flight, whatever the option pipelining says',
      'set pipelining to 1, or the option client to wire or pg',
    )
}

async function isPooled(client: SqlSession): Promise<boolean> {
  const { processID: told } = client
  if (told === null) return false
  try {
    return (await processOf(client)) !== told
  } catch (error) {
    // a server that speaks the protocol without being PostgreSQL may not know the function
    if (error instanceof Error && 'severity' in error) return false
    throw error
  }
}

async function processOf(client: SqlSession): Promise<number> {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
  return Number(rows[0]?.['pid'])
}

/** Sessions that last keep a process of the server each. Those that do not get whichever is free, so both see the same one. */
async function compare(first: SqlSession, openAnother: () => Promise<OpenClient>): Promise<Pooler> {
  const second = await openAnother().catch(() => undefined)
  // without room for a second one: what is right in a session that does not last is right in one that does
  if (second === undefined) return 'transaction'
  const ofFirst = new Set<number>()
  const ofSecond = new Set<number>()
  try {
    for (let count = 0; count < comparisons; count++) {
      // twice, since processes may take turns
      ofFirst.add(await processOf(first)).add(await processOf(first))
      const answer = await answerOf(second.client, first)
      if (answer === undefined) return 'none'
      ofSecond.add(answer)
      if (ofFirst.size > 1 || ofSecond.size > 1 || ofFirst.has(answer)) return 'transaction'
    }
    return 'none'
  } finally {
    await second.close(true)
  }
}

/** Undefined if there is no process left for the second session, while the first one has its own. */
async function answerOf(second: SqlSession, first: SqlSession): Promise<number | undefined> {
  const asked = processOf(second)
  // what closing it makes of a query without an answer is no news
  asked.catch(() => {})
  for (let count = 0; count < patience; count++) {
    const answer = await Promise.race([asked, sleep(pauseMs)])
    if (answer !== undefined) return answer
    await processOf(first)
  }
  return undefined
}
