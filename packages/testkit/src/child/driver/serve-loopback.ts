import { blame, fault } from '../../fault.ts'
import type { DriverJob, LoopbackJob } from '../../job.ts'
import { doing, tell, untilClosed } from '../parent.ts'
import { load } from '../plugin.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { openRig } from './rig.ts'
import { startLoopback } from './server.ts'

/** Runs a driver's loopback server until the parent closes it, and checks that nothing of it is left. */
export async function serveLoopback(job: LoopbackJob): Promise<void> {
  const { limitMs } = job
  const driver = await load('driver', job)
  if (!driver.loopback)
    throw fault({
      what: `the driver "${driver.name}" has no loopback server, and the test gives no target`,
      expected: 'a server to send requests to',
      next: 'pass `target`, or give the driver a loopback server',
    })
  const before = activeResources()
  const loopback = await within(limitMs, 'the start of the loopback server', () =>
    driver.loopback!(job.options),
  )
  if (typeof loopback?.target !== 'string' || typeof loopback.close !== 'function')
    throw fault({
      what: 'loopback resolves without a target or without close',
      expected: '{ target, close() }',
      next: 'return both from loopback',
    })
  const closed = untilClosed()
  tell({ type: 'serving', target: loopback.target })
  doing('serving')
  await closed
  await blame(
    () => within(limitMs, 'the close of the loopback server', () => loopback.close()),
    (message) => ({
      what: `the loopback server fails to close: ${message}`,
      expected: 'close resolves, even while connections are open',
      next: 'destroy the connections, and wait for the server to end',
    }),
  )
  await expectNothingLeft(
    before,
    limitMs,
    'after its loopback server was closed',
    'end the connections of the server as well as the server: closeAllConnections, or socket.destroy',
  )
}

/** Starts the driver's loopback server, connects to it, and closes it. */
export async function probeLoopback(job: DriverJob): Promise<readonly string[] | void> {
  const { loopback } = await load('driver', job)
  if (!loopback) return ['not tried: the driver has no loopback server']
  const server = await startLoopback(job)
  const rig = await openRig({ ...job, target: undefined }, server.target)
  await rig.prepare()
  const link = await rig.connect()
  await link.answer(0)
  // an open connection must not block it
  await server.close()
  await link.close().catch(() => {})
}
