import { CloudbenchError, messageOf, type Logger } from '@cloudbench/core'
import type { Exposed } from './exposition.ts'
import type { Gateway } from './gateway.ts'
import type { Labels } from './labels.ts'

/** Keeps the groups of a Pushgateway up to date. Values are cumulative: what could not be pushed is in the next push. */
export interface Push {
  /** Rejects when it is not taken. */
  put(exposed: Exposed): Promise<void>
  /** Tells the log when it is not taken. */
  update(exposed: Exposed): Promise<void>
  /** Whether it was put or meant to be. */
  has(exposed: Exposed): boolean
  /** Deletes all groups. */
  remove(): Promise<void>
}

export interface PushOptions {
  readonly gateway: Gateway
  readonly job: string
  readonly log: Logger
  readonly text: (exposed: readonly Exposed[]) => Promise<string>
}

export function createPush({ gateway, job, log, text }: PushOptions): Push {
  const groups = new Map<string, Labels>()
  let isDown = false
  const put = async ({ progress, labels }: Exposed): Promise<void> => {
    const group = { job, ...labels }
    groups.set(progress.scenario.id, group)
    // the gateway adds the labels of the group
    await gateway.put(group, await text([{ progress, labels: {} }]))
  }
  return {
    put,
    async update(exposed) {
      try {
        await put(exposed)
        if (isDown) log.info(`the Pushgateway at ${gateway.url} is back`)
        isDown = false
      } catch (error) {
        if (!isDown) log.warn(`${messageOf(error)}; trying again with every interval`)
        isDown = true
      }
    },
    has: ({ progress }) => groups.has(progress.scenario.id),
    async remove() {
      const all = [...groups.values()]
      groups.clear()
      await Promise.all(all.map((group) => gateway.remove(group)))
    },
  }
}

/** What did not arrive is in the result file, and can be sent from there. */
export function lost(error: unknown, resultFile: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${messageOf(error)}; the last values did not arrive: cloudbench report ${resultFile} --reporter prometheus, with the same options, sends them again`,
    cause: error,
  })
}
