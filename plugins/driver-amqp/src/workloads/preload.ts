import type { CloudbenchError, TaskContext } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import { createLedger } from '../audit/ledger.ts'
import { openClient } from '../client/client.ts'
import { connectError } from '../connect-error.ts'
import type { ReceiveOptions } from '../options.ts'
import { refusalOf } from '../outcomes.ts'
import { machineNowMs } from '../payload/clock.ts'
import { createEnvelope } from '../payload/envelope.ts'
import { parseTarget } from '../target.ts'
import { createOutbox, tagOf, type Parcel } from './outbox.ts'

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
  const client = await openClient({ ...context, options }, { queue, sends: true })
  const refusal = (error: unknown): CloudbenchError => connectError(error, parseTarget(context.target), queue)
  try {
    await new Promise<void>((resolve, reject) => {
      // these messages are not audited, so this ledger is thrown away
      const ledger = createLedger()
      const track = ledger.openTrack('preload', 0)
      const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
      const parcels: Parcel[] = []
      const outbox = createOutbox({ sender: client.sender!, envelope, track, parcels })
      let unsent = count
      let unsettled = count
      const send = (parcel: Parcel): void => {
        if (context.signal.aborted) reject(context.signal.reason as Error)
        else if (unsent-- > 0) outbox.send(parcel, machineNowMs())
      }
      client.broken.catch((error: unknown) => reject(refusal(error)))
      for (let number = 0; number < Math.min(batchSize, count); number++) {
        const parcel: Parcel = {
          draft: envelope.createDraft(number),
          tag: tagOf(number),
          sequence: 0,
          left() {},
          accepted() {
            if (--unsettled === 0) resolve()
            else send(parcel)
          },
          refused: (state) => {
            const { name, reason } = refusalOf(state)
            reject(refusal(errorWithCode(name, reason)))
          },
        }
        parcels.push(parcel)
        send(parcel)
      }
    })
  } finally {
    await client.close()
  }
}
