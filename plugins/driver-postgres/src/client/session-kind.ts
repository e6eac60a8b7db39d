import type { SessionKind } from '../target.ts'
import type { SqlSession } from './attempt.ts'

/** Why a session is not of a kind; undefined when it is. */
export async function unfitness(client: SqlSession, kind: SessionKind): Promise<string | undefined> {
  if (kind === 'any') return undefined
  const { rows } = await client.query(
    `SELECT pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only') AS read_only`,
  )
  const isStandby = rows[0]?.['standby'] === true
  const isReadOnly = isStandby || rows[0]?.['read_only'] === 'on'
  if (kind === 'primary') return isStandby ? 'is a standby' : undefined
  if (kind === 'read-write') {
    if (isStandby) return 'is a standby, which takes no writes'
    return isReadOnly ? 'takes no writes (default_transaction_read_only is on)' : undefined
  }
  if (kind === 'read-only') return isReadOnly ? undefined : 'takes writes'
  return isStandby ? undefined : 'is no standby'
}
