import { expect, test } from 'vitest'
import { connectionClosed, lostConnection } from '../../src/index.ts'

test('an error of the system keeps its name, and is the same', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  expect(lostConnection(reset)).toBe(reset)
})

test('an error without a code, and what is no error, closed the connection', () => {
  const cause = new Error('Connection is closed.')
  expect(lostConnection(cause)).toMatchObject({ code: 'CONNECTION_CLOSED', message: cause.message, cause })
  expect(lostConnection(undefined)).toMatchObject({
    code: 'CONNECTION_CLOSED',
    message: 'the connection was closed',
  })
  expect(connectionClosed('it left')).toMatchObject({ code: 'CONNECTION_CLOSED', message: 'it left' })
})

test('a protocol may know better', () => {
  const nameOf = ({ name, code }: NodeJS.ErrnoException): string | undefined =>
    name === 'SyntaxError' ? 'INVALID_RESPONSE' : code === 'LIB_TIMEOUT' ? 'ETIMEDOUT' : undefined
  expect(lostConnection(new SyntaxError('x'), nameOf)).toMatchObject({ code: 'INVALID_RESPONSE' })
  const late = Object.assign(new Error('late'), { code: 'LIB_TIMEOUT' })
  expect(lostConnection(late, nameOf)).toMatchObject({ code: 'ETIMEDOUT', message: 'late', cause: late })
  expect(lostConnection(new Error('x'), nameOf)).toMatchObject({ code: 'CONNECTION_CLOSED' })
})
