import type { Outcome, Slot } from '@cloudbench/core'
import type { Link } from './session.ts'
import { isFault } from '../../fault.ts'
import { failed, follow, thrown, unanswered } from './call.ts'
import { uniform } from './random.ts'

const salt = 0xb01d

/** Sends many requests as the host does: as many at once as the connection takes, over slots that are used again. */
export function sendMany(
  { connection, streams }: Link,
  count: number,
  limitMs: number,
): Promise<ReadonlyMap<Outcome, number>> {
  return new Promise((resolve, reject) => {
    const outcomes = new Map<Outcome, number>()
    const idle: ReusedSlot[] = []
    let sent = 0
    let done = 0
    let isPumping = false
    let doneBefore = -1
    const watch = setInterval(() => {
      if (done === doneBefore) stop(unanswered(done, limitMs))
      doneBefore = done
    }, limitMs)
    const stop = (error?: Error): void => {
      clearInterval(watch)
      sent = count
      if (error) reject(error)
      else resolve(outcomes)
    }
    const finish = (slot: ReusedSlot, outcome: Outcome): void => {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      idle.push(slot)
      if (++done === count) stop()
      else pump()
    }
    const pump = (): void => {
      if (isPumping) return
      isPumping = true
      while (sent < count && idle.length > 0) {
        const slot = idle.pop()!
        slot.begin(sent++)
        try {
          if (connection.issue) connection.issue(slot)
          else follow(connection.request!(slot), slot)
        } catch (error) {
          stop(isFault(error) ? error : thrown(error))
        }
      }
      isPumping = false
    }
    for (let at = 0; at < Math.min(streams, count); at++)
      idle.push(reusedSlot(finish, (index, error) => stop(failed(index, error))))
    pump()
  })
}

interface ReusedSlot extends Slot {
  begin(index: number): void
}

function reusedSlot(
  finish: (slot: ReusedSlot, outcome: Outcome) => void,
  fail: (index: number, error: unknown) => void,
): ReusedSlot {
  let index = 0
  let draws = 0
  const slot: ReusedSlot = {
    get index() {
      return index
    },
    traceparent: undefined,
    random: () => uniform(salt, index, draws++),
    begin(next) {
      index = next
      draws = 0
    },
    done: (outcome) => finish(slot, outcome),
    fail: (error) => fail(index, error),
  }
  return slot
}
