import { connect } from 'node:net'
import { tcpServer, type TestServer } from '@cloudbench/fixtures/tcp-server'

/** Forwards connections to a server on 127.0.0.1, and counts those that it accepts. */
export async function countingServer(port: number): Promise<TestServer> {
  return await tcpServer('postgres', (near) => {
    const far = connect(port, '127.0.0.1')
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('error', () => near.destroy())
    far.on('close', () => near.destroy())
  })
}
