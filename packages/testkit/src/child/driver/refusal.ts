import type { DriverJob } from '../../job.ts'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { CloudbenchError, messageOf } from '@cloudbench/core'
import { fault, isFault } from '../../fault.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { addressOf, noAddress } from './address.ts'
import { withServer } from './server.ts'
import { openRig } from './rig.ts'

const sentinel = 'cb-sentinel-7f3a9c'

/** Connects to where nothing listens: the error names the place, and no password. */
export async function probeRefusal(job: DriverJob): Promise<readonly string[]> {
  const target = await withServer(job, async (live) => live)
  const address = addressOf(target)
  if (!address) return [noAddress]
  const port = await freePort()
  const before = activeResources()
  const text = await refusalOf(job, address.moved(port))
  if (!text.includes(String(port)))
    throw fault({
      what: `the error of a target that cannot be reached does not name it: ${text.split('\n')[0]}`,
      expected: `host and port, here 127.0.0.1:${port}`,
      next: 'throw a CloudbenchError with the code CB_CONNECT that says what could not be reached',
    })
  const secret = addressOf(address.moved(port))!.withCredentials('cloudbench', sentinel)
  if (secret !== undefined) {
    const leak = await refusalOf(job, secret)
    if (leak.includes(sentinel))
      throw fault({
        what: `the error of a target that cannot be reached has the password of its url in it: ${leak
          .split('\n')
          .find((line) => line.includes(sentinel))!
          .replaceAll(sentinel, '<password>')}`,
        expected: 'no secrets in errors: they land in logs and reports',
        next: 'name host and port instead of the url',
      })
  }
  await expectNothingLeft(
    before,
    job.limitMs,
    'after connect has failed',
    'destroy the client when it cannot connect',
  )
  return []
}

/** Everything that people could get to see of the error. */
async function refusalOf(job: DriverJob, target: string): Promise<string> {
  const rig = await openRig(job, target)
  let link
  try {
    link = await rig.connect()
  } catch (error) {
    if (isFault(error)) throw error
    await rig.close()
    return wordsOf(error)
  }
  await link.close()
  throw fault({
    what: 'connect resolves although nothing listens there',
    expected: 'a rejection: a connection is open before connect resolves',
    next: 'wait for the handshake in connect; a client that connects with its first request finds out too late',
  })
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
