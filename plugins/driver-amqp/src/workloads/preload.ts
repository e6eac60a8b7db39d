import type { CloudbenchError, TaskContext } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import { createLedger } from '../audit/ledger.ts'
import { connectError } from '../connect-error.ts'
import { openLane } from '../lanes/lane.ts'
import type { Parcel } from '../lanes/parcel.ts'
import type { ReceiveOptions } from '../options.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope } from '../payload/envelope.ts'
import { parseTarget } from '../target.ts'

/** Messages in flight while a queue is filled. */
const batchSize = 500

/** Sends that many messages, each settled by the broker. */
export async function preload(
  context: TaskContext<ReceiveOptions>,
  queue: string,
  count: number,
): Promise<void> {
  if (count <= 0) return
  const options = { ...context.options, settlement: 'at-least-once' as const }
  // these messages are not audited, so this ledger is thrown away
  const ledger = createLedger()
  const track = ledger.openTrack('preload', 0)
  const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
  const lane = await openLane({ ...context, options }, { queue, envelope })
  const refusal = (error: unknown): CloudbenchError => connectError(error, parseTarget(context.target), queue)
  try {
    await new Promise<void>((resolve, reject) => {
      let unsent = count
      let unsettled = count
      const send = (parcel: Parcel): void => {
        if (context.signal.aborted) reject(context.signal.reason as Error)
        else if (unsent-- > 0) {
          parcel.sequence = track.nextSequence()
          parcel.sentMs = machineNowMs()
          lane.send(parcel)
        }
      }
      lane.broken.catch((error: unknown) => reject(refusal(error)))
      for (let number = 0; number < Math.min(batchSize, count); number++) {
        const parcel: Parcel = {
          number,
          index: 0,
          sequence: 0,
          sentMs: 0,
          left() {},
          accepted() {
            if (--unsettled === 0) resolve()
            else send(parcel)
          },
          refused: ({ name, reason }) => reject(refusal(errorWithCode(name, reason))),
        }
        send(parcel)
      }
    })
  } finally {
    await lane.close()
  }
}
