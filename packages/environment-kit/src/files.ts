import { readFile } from 'node:fs/promises'

/** The text of a file below /proc or /sys; undefined where it cannot be read, whatever the reason. Never rejects. */
export async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}

/** The whole number in a file; undefined where there is none: `max`, an empty file, a missing one. Never rejects. */
export async function readNumber(path: string): Promise<number | undefined> {
  return numberIn(await readText(path))
}

/** The whole number that a text is; undefined where it is anything else. */
export function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined
}
