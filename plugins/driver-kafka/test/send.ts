import type { Connection, Outcome, Slot } from '@cloudbench/core'

/** Sends one request and waits for its answer; rejects with what the driver calls the failure. */
export function send(connection: Connection, index = 0, traceparent?: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    connection.issue!(slotOf(index, traceparent, resolve, reject))
  })
}

/** So many requests, at most as many at once as the connection takes. */
export async function sendAll(connection: Connection, count: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: connection.streams ?? 1 }, async () => {
      while (next < count) outcomes.push(await send(connection, next++))
    }),
  )
  return outcomes
}

function slotOf(
  index: number,
  traceparent: string | undefined,
  done: (outcome: Outcome) => void,
  fail: (error: unknown) => void,
): Slot {
  return { index, traceparent, random: () => 0.5, done, fail }
}

/** How often each outcome occurs, such as `{ stored: 90, MESSAGE_TOO_LARGE: 10 }`. */
export function countOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name } of outcomes) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
