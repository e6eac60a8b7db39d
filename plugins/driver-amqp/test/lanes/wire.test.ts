import { expect, test } from 'vitest'
import { flow, sendAndCount } from '../fixtures/context.ts'
import { scriptedBroker } from '../servers/scripted.ts'

const timeout = 10_000
const head = '0000001002000000'

test.each([
  ['a frame without an end', 'ffffffff02000000', /a frame of 4294967295 B/],
  ['a frame that is none', '0000000102000000', /a frame of 1 B/],
  ['a value that is none', `${head}0053133f00000000`, /no constructor/],
  ['nested lists', `${head}005313c0ffff0000`, /longer than what it is part of/],
])('a broker that sends %s has lost the connection, and what was in flight', async (_, hex, message) => {
  // it settles nothing, so that requests wait
  const broker = await scriptedBroker({ settle() {} })
  const options = { client: 'wire', create: false, pipelining: 4 }
  const tested = flow(broker.target, options, { workload: 'send' })
  const connection = await tested.open()
  const answers = sendAndCount(tested, connection, 4)
  for (const socket of broker.sockets) socket.write(Buffer.from(hex, 'hex'))
  expect(await tested.lost(connection)).toMatchObject({
    code: 'PROTOCOL_ERROR',
    message: expect.stringMatching(message) as string,
  })
  await expect.poll(() => answers.ended, { timeout }).toBe(4)
  await expect.poll(() => broker.sockets.size, { timeout }).toBe(0)
})
