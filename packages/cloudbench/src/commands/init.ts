import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CloudbenchError, messageOf } from '@cloudbench/core'
import { createStyle } from '@cloudbench/core/text'
import type { CommandContext } from '../command-context.ts'

const templates = fileURLToPath(new URL('../../templates/', import.meta.url))
const moduleConfig = 'cloudbench.config.ts'

/** Copies the worked example into a folder, file by file, and keeps files that already exist. */
export async function init({ cwd, terminal }: CommandContext, folder: string): Promise<number> {
  const { dim, good } = createStyle(terminal.stdout.color)
  const root = resolve(cwd, folder)
  const existingConfig = ['ts', 'mts', 'mjs', 'js', 'yaml', 'yml', 'json']
    .map((extension) => `cloudbench.config.${extension}`)
    .find((name) => existsSync(join(root, name)))
  for (const file of await filesBelow(templates)) {
    const name = file === moduleConfig ? (existingConfig ?? (await moduleName(root))) : file
    const shown = relative(cwd, join(root, name)) || name
    const isNew = await copyNew(join(templates, file), join(root, name))
    terminal.stdout.write(
      isNew ? `${good('wrote')}  ${shown}\n` : `${dim('kept')}   ${shown}  ${dim('(already there)')}\n`,
    )
  }
  const enter = root === cwd ? '' : `cd ${relative(cwd, root)}, then `
  terminal.stdout.write(`\nnext: ${enter}cloudbench list, then cloudbench\n`)
  return 0
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
}

async function copyNew(from: string, to: string): Promise<boolean> {
  try {
    await mkdir(dirname(to), { recursive: true })
    await copyFile(from, to, constants.COPYFILE_EXCL)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && existsSync(to)) return false
    throw new CloudbenchError({
      code: 'CB_OUTPUT',
      what: `${to} cannot be written: ${messageOf(cause)}`,
      expected: 'a writable folder',
      next: 'cloudbench init <another folder>',
      cause,
    })
  }
}

/** In a CommonJS package, which `npm init` creates, only `.mts` is an ES module. */
async function moduleName(root: string): Promise<string> {
  for (let folder = root; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) {
      const text = await readFile(file, 'utf8').catch(() => '')
      return /"type"\s*:\s*"commonjs"/.test(text) ? 'cloudbench.config.mts' : moduleConfig
    }
    if (folder === dirname(folder)) return moduleConfig
  }
}
