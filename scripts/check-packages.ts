/** Packs every publishable package, then lets publint and attw judge the tarball that npm would get. */
import { execFile } from 'node:child_process'
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Manifest {
  readonly name: string
  readonly private?: boolean
}

/** Runs one command; gives back its output where it failed. */
async function complaint(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await run(command, args)
    return undefined
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return `${command} ${args[0]}\n${stdout}${stderr}`.trimEnd()
  }
}

async function check(folder: string, out: string): Promise<string[]> {
  const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', out], { cwd: folder })
  const { filename } = JSON.parse(stdout) as { filename: string }
  const found = await Promise.all([
    complaint('publint', ['run', filename, '--strict']),
    complaint('attw', [filename, '--profile', 'esm-only']),
  ])
  return found.filter((text) => text !== undefined)
}

const folders: { folder: string; name: string }[] = []
for await (const file of glob('{packages,plugins,reporters}/*/package.json')) {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest
  if (manifest.private !== true) folders.push({ folder: dirname(file), name: manifest.name })
}

const out = await mkdtemp(join(tmpdir(), 'cloudbench-pack-'))
try {
  let bad = 0
  for (const { folder, name } of folders.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const complaints = await check(folder, out)
    if (complaints.length > 0) bad++
    for (const text of complaints) console.error(`${name}: ${text}\n`)
  }
  console.log(`packages: ${folders.length} checked, ${bad} not publishable`)
  process.exitCode = bad > 0 ? 1 : 0
} finally {
  await rm(out, { recursive: true, force: true })
}
