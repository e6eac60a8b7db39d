import type { DriverJob } from '../../job.ts'
import { messageOf } from '@cloudbench/core'
import { fault, isFault } from '../../fault.ts'
import { load } from '../plugin.ts'
import { activeResources, addedSince } from '../resources.ts'
import { within } from '../within.ts'
import { sendMany } from './bulk.ts'
import { answered, send } from './call.ts'
import { openRig, type Rig } from './rig.ts'

const requests = 50

/**
 * Opens connections that are used, unused and lost, runs the tasks, closes everything, and waits for this process to
 * have nothing left to do. The server is in the same process: it, too, must let go.
 */
export async function probeEnding(job: DriverJob): Promise<readonly string[]> {
  const { limitMs } = job
  const before = activeResources()
  const driver = await load('driver', job)
  const start = driver.loopback?.bind(driver)
  if (job.target === undefined && !start)
    return ['not tried: there is neither a target nor a loopback server']
  const server =
    job.target === undefined
      ? await within(limitMs, 'the start of the loopback server', () => start!({}))
      : undefined
  const rig = await openRig(job, job.target ?? server!.target)
  await rig.prepare()
  await useAndClose(rig, job)
  if (server) await lose(rig, job, () => server.close())
  await rig.close()
  await untilIdle(before, limitMs)
  return []
}

async function useAndClose({ workload, connect, task }: Rig, { limitMs }: DriverJob): Promise<void> {
  const used = await connect()
  const unused = await connect()
  await sendMany(used, requests, limitMs)
  await used.close()
  await unused.close()
  if (workload.audit) await task('audit', (context) => workload.audit!(context))
  if (workload.cleanup) await task('cleanup', (context) => workload.cleanup!(context))
}

/** Has a connection lose its server. How the request then ends is the business of other rules. */
async function lose(
  { connect, prepare }: Rig,
  { limitMs }: DriverJob,
  closeServer: () => unknown,
): Promise<void> {
  await prepare()
  const { connection, close } = await connect()
  await answered(connection, 0, limitMs)
  await within(limitMs, 'the close of the loopback server', closeServer)
  await within(limitMs, 'a request whose server was closed', () =>
    send(connection, 1).then(
      ({ name }) => name,
      (error: unknown) => messageOf(error),
    ),
  )
  try {
    await close()
  } catch (error) {
    // a connection that is dead may fail to close
    if (isFault(error)) throw error
  }
}

/** Resolves when this process would end if nothing held it up on purpose. */
async function untilIdle(before: ReadonlyMap<string, number>, limitMs: number): Promise<void> {
  // the channel to the kit is no business of the driver
  process.channel?.unref()
  await new Promise<void>((resolve, reject) => {
    process.once('beforeExit', () => resolve())
    setTimeout(() => {
      const left = addedSince(before)
      reject(
        fault({
          what: `with everything closed, the process does not end by itself: ${left.length > 0 ? left.join(' and ') : 'something that Node.js does not list'} is left`,
          expected: 'nothing that keeps a process alive, also after a connection was lost',
          next: 'clear timers and end sockets in close, whatever has become of the connection',
        }),
      )
    }, limitMs).unref()
  })
}
