import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { CloudbenchError, messageOf } from '@cloudbench/core'
import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { addressOf, noAddress } from '../../proxy/address.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { connectError, openRig } from './rig.ts'
import { withServer } from './server.ts'

const sentinel = 'cb-sentinel-7f3a9c'

/** Connects to a port that nothing listens on: the error names the place, and no password. */
export async function probeRefusal(job: DriverJob): Promise<readonly string[]> {
  const target = await withServer(job, async (live) => live)
  const address = addressOf(target)
  if (!address) return [noAddress]
  const port = await freePort()
  const before = activeResources()
  const text = await refusalOf(job, address.moved(port))
  if (!text.includes(String(port)))
    throw fault({
      what: `the error for an unreachable target does not name it: ${text.split('\n')[0]}`,
      expected: `host and port, here 127.0.0.1:${port}`,
      next: 'throw a CloudbenchError with the code CB_CONNECT that says what could not be reached',
    })
  const secret = addressOf(address.moved(port))!.withCredentials('cloudbench', sentinel)
  const leak = secret === undefined ? '' : await refusalOf(job, secret)
  const line = leak.split('\n').find((said) => said.includes(sentinel))
  if (line !== undefined)
    throw fault({
      what: `the error for an unreachable target contains the password of its url: ${line.replaceAll(sentinel, '<password>')}`,
      expected: 'no secrets in errors: they end up in logs and reports',
      next: 'name host and port instead of the url',
    })
  await expectNothingLeft(
    before,
    job.limitMs,
    'after connect has failed',
    'destroy the client when it cannot connect',
  )
  return []
}

/** Everything that people could see of the error. */
async function refusalOf(job: DriverJob, target: string): Promise<string> {
  const rig = await openRig(job, target)
  const error = await connectError(rig, 'nothing listens there')
  await rig.close()
  return wordsOf(error)
}

function wordsOf(error: unknown): string {
  const words = error instanceof CloudbenchError ? error.format() : messageOf(error)
  if (!(error instanceof Error)) return words
  const cause = error.cause === undefined ? '' : `\n${wordsOf(error.cause)}`
  return `${words}\n${error.stack ?? ''}${cause}`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
