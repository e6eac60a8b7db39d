import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { changeBatch, changingBroker } from '../servers/scripted.ts'

/** A round trip whose messages are changed on their way back, until the audit. */
async function damaged(change: (body: Buffer) => Buffer) {
  let isDamaging = true
  const url = await changingBroker((body) => (isDamaging ? change(body) : body))
  const made = openFlow(driver, url, { topic: 't', compression: 'none' }, { workload: 'roundtrip' })
  await made.prepare()
  const audit = (): ReturnType<typeof made.audit> => {
    isDamaging = false
    return made.audit()
  }
  return { ...made, audit }
}

const contents = 'reads return what was written'

test('a message that comes back changed is an error, and the audit fails', async () => {
  const { open, send, audit } = await damaged((body) =>
    // the last byte of the value; after it comes the number of headers
    changeBatch(body, (batch) => (batch[batch.length - 2]! ^= 1)),
  )
  const message = 'message 0 of connection 1 came back changed'
  expect(await send(await open())).toMatchObject({ name: 'wrong value', ok: false, example: message })
  const findings = await audit()
  expect(findings.at(-1)).toEqual({
    name: contents,
    status: 'failed',
    examined: 1,
    violations: 1,
    message,
  })
  for (const finding of findings.slice(0, -1)) expect(finding).toMatchObject({ status: 'passed' })
})

test('a message whose checksum is wrong ends the connection, and the audit fails', async () => {
  const { open, send, audit } = await damaged((body) => {
    const changed = changeBatch(body, () => {})
    if (changed !== body) changed[changed.length - 2]! ^= 1
    return changed
  })
  await expect(send(await open())).rejects.toMatchObject({ code: 'CORRUPT_MESSAGE' })
  expect((await audit()).at(-1)).toMatchObject({
    name: contents,
    status: 'failed',
    message: 'partition 0: the checksum of a batch is wrong',
  })
})

test('messages that come back as they were sent pass, and those of others are left alone', async () => {
  const { open, sendAll, audit } = await damaged((body) => body)
  const connections = [await open(0, 2), await open(1, 2)]
  await Promise.all(connections.map((connection) => sendAll(connection, 20)))
  expect((await audit()).at(-1)).toMatchObject({ name: contents, status: 'passed', examined: 40 })
})
