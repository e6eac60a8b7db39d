import { execFile } from 'node:child_process'
import { delimiter } from 'node:path'
import { promisify } from 'node:util'
import { type Counts, createTally } from '@cloudbench/environment-kit'
import type { Interface } from '../interfaces.ts'

const execute = promisify(execFile)

/** A program that hangs must not hold up a sample for long; the kernel's answer takes a millisecond. */
const limitMs = 500
const mostBytes = 256 * 1024

/**
 * A process each second would cost more than all other signals together: it pauses for 500 times as long as the last one took, and
 * at least and at most so long.
 */
const pauseFactor = 500
const [shortestPauseMs, longestPauseMs] = [1_000, 10_000]

/** Where `ethtool` is when the path of an ordinary user does not lead there. */
const systemFolders = ['/usr/sbin', '/sbin']

/** The counters of Amazon's adapter: packets that were queued or dropped since an allowance of the instance was used up. */
const counter = /^\s*(?:bw_in|bw_out|pps|conntrack|linklocal)_allowance_exceeded:\s*(\d{1,20})\s*$/gm

/** Only this driver counts them. */
const countingDriver = 'ena'

export interface Allowances {
  /** Since the interfaces began; as of the last time that it was asked. */
  read(): Promise<number | undefined>
  /** Why there is nothing to be read. */
  readonly missing?: string
}

/** Finds the counters. Never rejects. */
export async function findAllowances(
  interfaces: readonly Interface[],
  { run = ethtool, now = () => performance.now() }: { readonly run?: Run; readonly now?: () => number } = {},
): Promise<Allowances> {
  const counting = interfaces.filter(({ driver }) => driver === countingDriver)
  const nothing = (missing: string): Allowances => ({ read: async () => undefined, missing })
  if (counting.length === 0) {
    const drivers = new Set(interfaces.flatMap(({ driver }) => driver ?? []))
    return nothing(
      `only the driver ena counts it, and this machine has ${[...drivers].join(', ') || 'no device of its own'}`,
    )
  }
  const tally = createTally()
  let last: number | undefined
  let nextMs = -Infinity
  const ask = async (): Promise<void> => {
    const startMs = now()
    const counts = await countsOf(counting, run)
    last = counts && tally(counts)
    nextMs = now() + Math.min(longestPauseMs, Math.max(shortestPauseMs, (now() - startMs) * pauseFactor))
  }
  await ask()
  if (last === undefined) return nothing(`ethtool -S ${counting[0]!.name} does not say it`)
  return {
    async read() {
      if (now() >= nextMs) await ask()
      return last
    },
  }
}

/** Standard output of `ethtool -S` for an interface. */
type Run = (name: string) => Promise<string>

async function ethtool(name: string): Promise<string> {
  const path = [process.env['PATH'], ...systemFolders].filter(Boolean).join(delimiter)
  const env = { PATH: path, LC_ALL: 'C' }
  const { stdout } = await execute('ethtool', ['-S', name], { env, timeout: limitMs, maxBuffer: mostBytes })
  return stdout
}

/** By interface. Undefined unless every one answers: of the others it is not known. */
async function countsOf(interfaces: readonly Interface[], run: Run): Promise<Counts | undefined> {
  const all = new Map<string, number>()
  for (const { name } of interfaces) {
    const text = await run(name).catch(() => '')
    const counts = Array.from(text.matchAll(counter), ([, digits]) => Number(digits))
    const total = counts.reduce((sum, count) => sum + count, 0)
    if (counts.length === 0 || !Number.isSafeInteger(total)) return undefined
    all.set(name, total)
  }
  return all
}
