import { createHash } from 'node:crypto'
import { CloudbenchError, type DriverContext } from '@cloudbench/core'
import { errorWithCode, sharedTls, within } from '@cloudbench/driver-kit'
import { connectError } from '../connect-error.ts'
import type { PostgresServer, PostgresTarget, SessionKind } from '../target.ts'
import { connectLimitOf, connectTo, type Attempt, type OpenClient } from './attempt.ts'
import { unfitness } from './session-kind.ts'

/**
 * Tries the servers of a target one after another, until one of them gives a session of the kind that is wanted. As for
 * every client of PostgreSQL, one that answers and refuses ends the search; one that cannot be reached, or is still
 * starting, does not.
 * @throws CloudbenchError that names every server that was tried, and why it was not used.
 */
export async function openOneOf<Opened extends OpenClient>(attempt: Attempt<Opened>): Promise<Opened> {
  const { target, context } = attempt
  // files that cannot be read are no fault of a server
  if (context.options.tls !== undefined) await sharedTls(context)
  const servers = inOrder(target, context)
  const refusals = new Map<PostgresServer, CloudbenchError>()
  for (const kind of kindsOf(target.sessionKind))
    for (const server of servers)
      try {
        return await openOf(kind, server, attempt)
      } catch (error) {
        if (!(error instanceof CloudbenchError)) throw error
        refusals.set(server, error)
        if (!isPassedOver(error)) throw together(refusals)
      }
  throw together(refusals)
}

function kindsOf(kind: SessionKind): readonly SessionKind[] {
  return kind === 'prefer-standby' ? ['standby', 'any'] : [kind]
}

/** The order follows from the seed and the number of the connection. What is not load takes them as they are written. */
function inOrder(
  { servers, isBalanced }: PostgresTarget,
  { seed, connection }: Attempt['context'] & Partial<Pick<DriverContext, 'connection'>>,
): readonly PostgresServer[] {
  if (!isBalanced || connection === undefined) return servers
  const rank = ({ shown }: PostgresServer): string =>
    createHash('sha256').update(`${seed} ${connection.index} ${shown}`).digest('hex')
  return servers.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

async function openOf<Opened extends OpenClient>(
  kind: SessionKind,
  server: PostgresServer,
  attempt: Attempt<Opened>,
): Promise<Opened> {
  const opened = await connectTo(server, attempt)
  let why: string | undefined
  try {
    why = await within(connectLimitOf(attempt), () => unfitness(opened.client, kind))
  } catch (error) {
    await opened.close(true)
    throw connectError(error, server, false)
  }
  if (why === undefined) return opened
  await opened.close()
  throw new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${server.shown} ${why}`,
    expected: `a session as target_session_attrs=${kind} wants it`,
    next: "let the target's url name such a server too, or change its target_session_attrs",
    cause: errorWithCode('UNFIT', why),
  })
}

function isPassedOver({ cause }: CloudbenchError): boolean {
  if (!(cause instanceof Error)) return false
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === undefined) return /terminated unexpectedly/.test(message)
  // codes of the system; those of TLS begin with ERR_, and EPROTO is one of them
  return (
    code === 'UNFIT' ||
    code === '57P03' ||
    code === 'CONNECTION_CLOSED' ||
    (/^E(?!RR_|PROTO)[A-Z_]+$/.test(code) && code !== 'EMFILE' && code !== 'ENFILE')
  )
}

function together(refusals: ReadonlyMap<PostgresServer, CloudbenchError>): CloudbenchError {
  const all = [...refusals.values()]
  const last = all.at(-1)!
  if (all.length === 1) return last
  const { expected, next } = last
  return new CloudbenchError({
    code: last.code,
    what: `none of the ${all.length} hosts that were tried can be used: ${all.map(({ message }) => message).join('; ')}`,
    ...(expected !== undefined && { expected }),
    ...(next !== undefined && { next }),
    cause: last,
  })
}
