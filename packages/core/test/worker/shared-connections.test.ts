import { describe, expect, it } from 'vitest'
import { Shares } from '../../src/worker/shares.ts'
import { SocketCount } from '../../src/worker/socket-count.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

function resource(log: string[], name: string) {
  const made = { broken: false, isConnection: true, close: () => void log.push(`close ${name}`) }
  return () => {
    log.push(`open ${name}`)
    return made
  }
}

describe('a shared connection', () => {
  it('is opened once for all that use it, outlives them, and is closed at the end', async () => {
    const log: string[] = []
    const shares = new Shares()
    const [a, b] = [shares.holder('redis'), shares.holder('redis')]
    const first = await a.share('connection 0', resource(log, 'one'))
    expect(await b.share('connection 0', resource(log, 'two'))).toBe(first)
    await a.release()
    await b.release()
    expect(log).toEqual(['open one'])
    expect([a.sharesConnection, b.sharesConnection]).toEqual([true, true])
    // an outage ends every connection; what they share, such as the ledger of an audit, is still needed
    const after = shares.holder('redis')
    expect(await after.share('connection 0', resource(log, 'two'))).toBe(first)
    await after.release()
    await shares.close()
    expect(log).toEqual(['open one', 'close one'])
  })

  it('is opened once even when all request it at the same time', async () => {
    const log: string[] = []
    const shares = new Shares()
    const holders = Array.from({ length: 10 }, () => shares.holder('redis'))
    const values = await Promise.all(
      holders.map((holder) => holder.share('connection 0', resource(log, 'one'))),
    )
    expect(new Set(values).size).toBe(1)
    for (const holder of holders) {
      expect(log).toEqual(['open one'])
      await holder.release()
    }
    await shares.close()
    expect(log).toEqual(['open one', 'close one'])
  })

  it('is one for each target', async () => {
    const log: string[] = []
    const shares = new Shares()
    await shares.holder('a').share('connection 0', resource(log, 'a'))
    await shares.holder('b').share('connection 0', resource(log, 'b'))
    expect(log).toEqual(['open a', 'open b'])
  })

  it('that is broken is replaced for later users, and closed when its current users are gone', async () => {
    const log: string[] = []
    const shares = new Shares()
    const [a, b] = [shares.holder('redis'), shares.holder('redis')]
    const first = await a.share('connection 0', resource(log, 'one'))
    first.broken = true
    expect(await b.share('connection 0', resource(log, 'two'))).not.toBe(first)
    await a.release()
    expect(log).toEqual(['open one', 'open two', 'close one'])
  })

  it('that is still held at the end is closed once it is released', async () => {
    const log: string[] = []
    const shares = new Shares()
    const holder = shares.holder('redis')
    await holder.share('connection 0', resource(log, 'one'))
    await shares.close()
    expect(log).toEqual(['open one'])
    await holder.release()
    expect(log).toEqual(['open one', 'close one'])
  })

  it('that could not be opened is tried again by the next user', async () => {
    const shares = new Shares()
    const holder = shares.holder('redis')
    await expect(
      holder.share('connection 0', () => {
        throw new Error('refused')
      }),
    ).rejects.toThrow('refused')
    await expect(holder.share('connection 0', resource([], 'one'))).resolves.toBeDefined()
  })
})

it('a shared resource that is not a connection is not counted as opened', async () => {
  const shares = new Shares()
  const sockets = new SocketCount(new VirtualClock())
  const [a, b] = [shares.holder('redis', sockets), shares.holder('redis', sockets)]
  for (const holder of [a, b]) await holder.share('books', () => ({ close: () => {} }))
  expect([a.sharesConnection, b.sharesConnection]).toEqual([false, false])
  expect(sockets.drain().opened).toBe(0)
  for (const holder of [a, b]) await holder.share('connection 0', resource([], 'one'))
  expect([a.sharesConnection, b.sharesConnection]).toEqual([true, true])
  expect(sockets.drain().opened).toBe(1)
})
