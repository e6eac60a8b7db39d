import type { Socket } from 'node:net'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'

/** Replies, as text in latin1. */
export const replies = {
  greeting: 'R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I',
  prepared: 'C\0\0\0\u000cPREPARE\0Z\0\0\0\u0005I',
  noRow: '2\0\0\0\u0004C\0\0\0\u000dSELECT 0\0Z\0\0\0\u0005I',
} as const

/** The letter of SQL without parameters. */
const simpleQuery = 81

/** Greets, and answers the SQL that opens a connection and sets it up; what the load sends is up to the test. */
export async function openingServer(onLoad: (socket: Socket, data: Buffer) => void): Promise<string> {
  return await scriptedServer((socket) => {
    socket.once('data', () => {
      socket.write(replies.greeting, 'latin1')
      socket.on('data', (data) => {
        if (data[0] === simpleQuery) socket.write(replies.prepared, 'latin1')
        else onLoad(socket, data)
      })
    })
  })
}

/** A server that does what the test says with every socket. */
export async function scriptedServer(onSocket: (socket: Socket) => void): Promise<string> {
  const { target } = await tcpServer('postgres', onSocket)
  return `${target.replace('//', '//bench:S3cret@')}/bench`
}
