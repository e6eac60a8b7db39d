import { expect } from 'vitest'
import { createReader, fieldsOf, type ClientMessage } from '../../src/loopback/wire.ts'

/** What a server reads from these bytes when they arrive in chunks of that size. */
export function messagesIn(bytes: Buffer, chunkBytes = bytes.length): ClientMessage[] {
  const messages: ClientMessage[] = []
  const read = createReader((message) => messages.push({ ...message, body: Buffer.from(message.body) }))
  read(Buffer.from('\0\0\0\u0008\0\u0003\0\0'))
  for (let at = 0; at < bytes.length; at += chunkBytes) read(bytes.subarray(at, at + chunkBytes))
  return messages.slice(1)
}

/** The binary parameters of a Bind. */
export function parametersOf(body: Buffer): Buffer[] {
  const fields = fieldsOf(body)
  fields.text()
  fields.text()
  expect([fields.int16(), fields.int16()]).toEqual([1, 1])
  const parameters = Array.from({ length: fields.int16() }, () => fields.bytes(fields.int32()))
  expect(fields.int16()).toBe(0)
  return parameters
}
