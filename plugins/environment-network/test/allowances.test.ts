import { chmod, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findAllowances } from '../src/signals/allowances.ts'
import { folder } from './support/machine.ts'

const ena = { name: 'eth0', driver: 'ena' }

const answer = (exceeded: number) => `NIC statistics:
     tx_timeout: 0
     bw_in_allowance_exceeded: ${exceeded}
     bw_out_allowance_exceeded: 2
     pps_allowance_exceeded: 3
     conntrack_allowance_exceeded: 4
     conntrack_allowance_available: 136812
     linklocal_allowance_exceeded: 5
     queue_0_tx_cnt: 58
`

/** A program whose answers take so long, on a clock that only it moves. */
function program(tookMs: number) {
  let nowMs = 0
  let calls = 0
  return {
    now: () => nowMs,
    pass: (ms: number) => void (nowMs += ms),
    calls: () => calls,
    run: async () => {
      calls++
      nowMs += tookMs
      return answer(calls)
    },
  }
}

test('the allowances that were exceeded add up, and what is still available is no part of it', async () => {
  const allowances = await findAllowances([ena], { run: async () => answer(1) })
  expect(await allowances.read()).toBe(1 + 2 + 3 + 4 + 5)
})

test('the program is asked again once it has paused for 500 times as long as it took', async () => {
  const quick = program(4)
  const allowances = await findAllowances([ena], quick)
  quick.pass(1_999)
  expect([await allowances.read(), quick.calls()]).toEqual([15, 1])
  quick.pass(1)
  expect([await allowances.read(), quick.calls()]).toEqual([16, 2])
})

test('one that takes long is asked every ten seconds, one that takes no time every second', async () => {
  const slow = program(400)
  const allowances = await findAllowances([ena], slow)
  slow.pass(10_000)
  await allowances.read()
  expect(slow.calls()).toBe(2)
  const instant = program(0)
  const others = await findAllowances([ena], instant)
  instant.pass(999)
  await others.read()
  expect(instant.calls()).toBe(1)
})

test('another driver counts nothing, so no program is started', async () => {
  const run = program(1)
  const allowances = await findAllowances([{ name: 'eth0', driver: 'gve' }, { name: 'veth1' }], run)
  expect(allowances.missing).toBe('only the driver ena counts it, and this machine has gve')
  expect([await allowances.read(), run.calls()]).toEqual([undefined, 0])
})

test.each([
  ['is not installed', async () => Promise.reject(new Error('ENOENT'))],
  ['says something else', async () => 'no stats available\n'],
  ['has numbers that are none', async () => 'pps_allowance_exceeded: -4\nbw_in_allowance_exceeded: 1e3\n'],
])('where ethtool %s, it is unknown', async (_, run) => {
  const allowances = await findAllowances([ena], { run })
  expect(allowances.missing).toBe('ethtool -S eth0 does not say it')
  expect(await allowances.read()).toBeUndefined()
})

test('a sum over some of the interfaces is none', async () => {
  const run = async (name: string) => (name === 'eth0' ? answer(1) : '')
  const allowances = await findAllowances([ena, { name: 'eth1', driver: 'ena' }], { run })
  expect(await allowances.read()).toBeUndefined()
})

test('an adapter that was reset begins at zero, and the others are not counted again', async () => {
  const both = [ena, { name: 'eth1', driver: 'ena' }]
  const exceeded: Record<string, number> = { eth0: 100, eth1: 200 }
  let nowMs = 0
  const run = async (name: string) => answer(exceeded[name]!)
  const allowances = await findAllowances(both, { run, now: () => nowMs })
  const before = await allowances.read()
  exceeded['eth1'] = 0
  nowMs = 10_000
  // 14 of other allowances
  expect(await allowances.read()).toBe(before! + 14)
})

test('ethtool itself is run with the name of the interface, and found where users have it', async () => {
  const bin = await folder()
  await writeFile(
    join(bin, 'ethtool'),
    `#!/bin/sh\n[ "$1 $2" = "-S eth0" ] && cat <<'END'\n${answer(1)}END\n`,
  )
  await chmod(join(bin, 'ethtool'), 0o755)
  const before = process.env['PATH']
  process.env['PATH'] = `${bin}${delimiter}${before}`
  onTestFinished(() => void (process.env['PATH'] = before))
  expect(await (await findAllowances([ena])).read()).toBe(15)
})
