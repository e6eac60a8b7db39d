import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { CloudbenchError, messageOf } from '../errors.ts'
import type { Output } from '../plugin/reporter.ts'
import { nameProblem } from '../text/name.ts'

type Redact = (text: string) => string

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/**
 * Files below a folder; text passes through `redact`. A path that is not absolute stays below the folder, links
 * included; an absolute one is what a user has typed. No link is followed to a file.
 */
export function createOutput(folder: string, redact: Redact): Output {
  const clean = (content: string | Uint8Array): string | Uint8Array =>
    typeof content === 'string' ? redact(content) : content
  const put = async (file: string, write: (path: string) => Promise<void>): Promise<string> => {
    const path = pathOf(folder, file)
    try {
      await mkdir(dirname(path), { recursive: true })
      if (!isAbsolute(file)) await expectBelow(folder, path)
      await expectFile(path)
      await write(path)
    } catch (cause) {
      throw cause instanceof CloudbenchError ? cause : unwritable(path, messageOf(cause), cause)
    }
    return path
  }
  return {
    folder,
    write: (file, content) => put(file, (path) => replace(path, clean(content))),
    append: (file, content) =>
      put(file, (path) => writeTo(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, clean(content))),
  }
}

/** Readers see the old file or the new one, never half of it. */
async function replace(path: string, content: string | Uint8Array): Promise<void> {
  // in a folder that others can write to, a name that can be guessed may be a link by now
  const draft = join(dirname(path), `.${randomUUID()}.tmp`)
  try {
    await writeTo(draft, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, content)
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {})
    throw cause
  }
}

async function writeTo(path: string, flags: number, content: string | Uint8Array): Promise<void> {
  const file = await open(path, flags, 0o666)
  try {
    await file.writeFile(content)
  } finally {
    await file.close()
  }
}

function pathOf(folder: string, file: string): string {
  const path = resolve(folder, file)
  if (isAbsolute(file)) return path
  const problem = nameProblem(file)
  if (problem !== undefined || !isBelow(folder, path))
    throw new CloudbenchError({
      code: 'CB_OUTPUT',
      what: `${JSON.stringify(file)} ${problem ?? 'is not a file in it'}, and so no file in ${folder}`,
      expected: 'a file below the output folder, or an absolute path',
    })
  return path
}

/** A folder on the way may be a link that leads elsewhere. */
async function expectBelow(folder: string, path: string): Promise<void> {
  const [root, parent] = [await realpath(folder), await realpath(dirname(path))]
  if (parent !== root && !isBelow(root, parent))
    throw unwritable(path, `its folder is ${parent}, which is not in ${root}`)
}

/** Replacing a device or a folder would take it away from everyone. */
async function expectFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found && !found.isFile()) throw unwritable(path, 'it is there, and is not a file')
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

function unwritable(path: string, why: string, cause?: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_OUTPUT',
    what: `${path} cannot be written: ${why}`,
    expected: 'a writable folder with free space',
    next: '--output <folder>',
    cause,
  })
}
