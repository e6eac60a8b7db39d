import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { readText } from '@cloudbench/environment-kit'

/** Longer than any value of ours. */
const longestValue = 256

/** The value of a kernel setting, its parts separated by single spaces; undefined where it cannot be read. Never rejects. */
export async function readSetting(root: string, key: string): Promise<string | undefined> {
  const text = (await readText(fileOf(root, key)))?.trim().replaceAll(/\s+/g, ' ')
  return text === undefined || text === '' || text.length > longestValue ? undefined : text
}

/** Rejects with the error of the system. */
export async function writeSetting(root: string, key: string, value: string): Promise<void> {
  // without O_CREAT: a setting that this kernel does not have is an error
  const file = await open(fileOf(root, key), constants.O_WRONLY | constants.O_TRUNC)
  try {
    await file.writeFile(`${value}\n`)
  } finally {
    await file.close()
  }
}

/** What to type to set it by hand, as this user. */
export function commandOf(key: string, value: string): string {
  const sudo = process.geteuid?.() === 0 ? '' : 'sudo '
  return `${sudo}sysctl -w ${key}=${value.includes(' ') ? `"${value}"` : value}`
}

/** Where the kernel shows it. */
export function fileOf(root: string, key: string): string {
  return join(root, 'proc/sys', key.replaceAll('.', '/'))
}
