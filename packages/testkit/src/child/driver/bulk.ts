import type { Outcome } from '@cloudbench/core'
import type { Link } from './rig.ts'
import { Lane, type SlotOwner } from '@cloudbench/core/program'
import { failed, unanswered } from './call.ts'

const salt = 0xb01d

/** Sends many requests as the host does: as many at once as the connection takes, over slots that are used again. */
export function sendMany(
  { connection }: Link,
  count: number,
  limitMs: number,
): Promise<ReadonlyMap<Outcome, number>> {
  return new Promise((resolve, reject) => {
    const outcomes = new Map<Outcome, number>()
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
    const owner: SlotOwner = {
      salt,
      finish(slot, outcome) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        idle.push(slot)
        if (++done === count) stop()
        else pump()
      },
      fail: ({ index }, error) => stop(failed(index, error)),
    }
    const idle = new Lane(0, connection, owner).slots.slice(0, count)
    const pump = (): void => {
      if (isPumping) return
      isPumping = true
      while (sent < count && idle.length > 0) idle.pop()!.send(sent++)
      isPumping = false
    }
    pump()
  })
}
