/** Packs every publishable package, then lets publint and attw judge the tarballs that npm would get. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Packed {
  readonly name: string
  readonly filename: string
}

/** Runs one check; returns what it printed where it failed. */
async function complaint(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await run(command, args)
    return undefined
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return stdout + stderr || String(error)
  }
}

async function isPublishable({ name, filename }: Packed): Promise<boolean> {
  const complaints = [
    await complaint('publint', ['run', filename, '--strict']),
    await complaint('attw', [filename, '--profile', 'esm-only', '--no-color', '--no-emoji']),
  ].filter((text) => text !== undefined)
  for (const text of complaints) console.error(`${name}: ${text}`)
  return complaints.length === 0
}

/** Takes from the shared queue until it is empty; several of these run side by side. */
async function checkNext(queue: Packed[]): Promise<number> {
  let bad = 0
  for (let next = queue.shift(); next; next = queue.shift()) if (!(await isPublishable(next))) bad++
  return bad
}

const out = await mkdtemp(join(tmpdir(), 'cloudbench-pack-'))
try {
  const { stdout } = await run('pnpm', ['--recursive', 'pack', '--json', '--pack-destination', out], {
    maxBuffer: 64 * 1024 * 1024,
  })
  const packed = JSON.parse(stdout) as Packed[]
  const queue = [...packed]
  const counts = await Promise.all(Array.from({ length: availableParallelism() }, () => checkNext(queue)))
  const bad = counts.reduce((sum, count) => sum + count, 0)
  console.log(`packages: ${packed.length} checked, ${bad} not publishable`)
  process.exitCode = bad > 0 ? 1 : 0
} finally {
  await rm(out, { recursive: true, force: true })
}
