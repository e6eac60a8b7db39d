import { numberIn, readText } from './files.ts'

/** Whole numbers by their names. */
export type Counts = ReadonlyMap<string, number>

/** A file with a name and a whole number on every line, such as `vmstat` or `cpu.stat`; empty where there is none. Never rejects. */
export async function readCounts(path: string): Promise<Counts> {
  return countsIn((await readText(path)) ?? '')
}

/** Lines that are anything else are left out. */
export function countsIn(text: string): Counts {
  const counts = new Map<string, number>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    const count = space < 1 ? undefined : numberIn(line.slice(space + 1))
    if (count !== undefined) counts.set(line.slice(0, space), count)
  }
  return counts
}
