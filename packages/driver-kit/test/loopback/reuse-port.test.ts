import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

interface Started {
  readonly pid: number
  readonly port?: number
  readonly error?: string
}

/** A loopback server in a process of its own. */
async function start(port: number, how: 'shared' | 'alone'): Promise<Started> {
  const program = fileURLToPath(new URL('reuse-port.ts', import.meta.url))
  const child = fork(program, [String(port), how], {
    execArgv: ['--conditions=@cloudbench/source', '--disable-warning=ExperimentalWarning'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [answer] = (await once(child, 'message')) as [Omit<Started, 'pid'>]
  return { ...answer, pid: child.pid! }
}

const answers = (port: number, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => text(connect(port, '127.0.0.1'))))

// elsewhere the kernel has no such option, or one that spreads nothing
const spreads = process.platform === 'linux'

test.skipIf(!spreads)('several processes share one port, and each gets connections', async () => {
  const first = await start(0, 'shared')
  const others = [await start(first.port!, 'shared'), await start(first.port!, 'shared')]
  expect(others.map(({ port }) => port)).toEqual([first.port, first.port])
  const pids = new Set(await answers(first.port!, 200))
  expect(pids).toEqual(new Set([first, ...others].map(({ pid }) => String(pid))))
})

test('a port is shared only when all that listen ask for it', async () => {
  const alone = await start(0, 'alone')
  const refusal = `a loopback server cannot listen on 127.0.0.1:${alone.port}: `
  expect((await start(alone.port!, 'alone')).error).toContain(refusal)
  expect((await start(alone.port!, 'shared')).error).toContain(refusal)
})
