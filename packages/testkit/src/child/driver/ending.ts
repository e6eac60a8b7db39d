import { messageOf } from '@cloudbench/core'
import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { load } from '../plugin.ts'
import { activeResources, addedSince } from '../resources.ts'
import { within } from '../within.ts'
import { openRig, type Rig } from './rig.ts'

const requests = 50

/**
 * Opens connections that are used, unused and lost, runs the tasks, closes everything, and waits until this process has
 * nothing left to do. The server runs in the same process: it must let go, too.
 */
export async function probeEnding(job: DriverJob): Promise<readonly string[]> {
  const { limitMs } = job
  const before = activeResources()
  const driver = await load('driver', job)
  if (job.target === undefined && !driver.loopback)
    return ['not tried: there is neither a target nor a loopback server']
  const server =
    job.target === undefined
      ? await within(limitMs, 'the start of the loopback server', () => driver.loopback!({}))
      : undefined
  const rig = await openRig(job, job.target ?? server!.target)
  await rig.prepare()
  await useAndClose(rig)
  if (server) await lose(rig, limitMs, () => server.close())
  await rig.close()
  await untilIdle(before, limitMs)
  return []
}

async function useAndClose({ connect, audit, cleanup }: Rig): Promise<void> {
  const used = await connect()
  const unused = await connect()
  await used.sendMany(requests)
  await used.close()
  await unused.close()
  await audit()
  await cleanup()
}

/** Makes a connection lose its server. How the request then ends is up to other rules. */
async function lose({ connect, prepare }: Rig, limitMs: number, closeServer: () => unknown): Promise<void> {
  await prepare()
  const link = await connect()
  await link.answer(0)
  await within(limitMs, 'the close of the loopback server', closeServer)
  await within(limitMs, 'a request whose server was closed', () => link.send(1).catch(messageOf))
  await link.abandon()
}

/** Resolves once nothing keeps this process alive. */
async function untilIdle(before: ReadonlyMap<string, number>, limitMs: number): Promise<void> {
  // the channel to the kit is not the driver's
  process.channel?.unref()
  await new Promise<void>((resolve, reject) => {
    process.once('beforeExit', () => resolve())
    setTimeout(() => {
      const left = addedSince(before)
      reject(
        fault({
          what: `with everything closed, the process does not exit by itself: ${left.length > 0 ? left.join(' and ') : 'something that Node.js does not list'} is left`,
          expected: 'nothing that keeps a process alive, even after a lost connection',
          next: 'clear timers and end sockets in close, whatever happened to the connection',
        }),
      )
    }, limitMs).unref()
  })
}
