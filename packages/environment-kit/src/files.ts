import { open } from 'node:fs/promises'

/** More than any file below /proc and /sys that is worth reading: a mount table of thousands of containers. */
const largestBytes = 4 * 1024 * 1024

/**
 * The text of a file below /proc or /sys; undefined where it cannot be read, whatever the reason, or has no end within 4 MiB.
 * Never rejects.
 */
export async function readText(path: string): Promise<string | undefined> {
  try {
    const file = await open(path)
    try {
      return await textOf(file)
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

type OpenFile = Awaited<ReturnType<typeof open>>

/** Files of the kernel have no size until they are read, and come a page at a time. */
async function textOf(file: OpenFile): Promise<string | undefined> {
  let text = Buffer.allocUnsafe(4096)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(text, length, text.length - length)
    if (bytesRead === 0) return text.toString('utf8', 0, length)
    length += bytesRead
    if (length < text.length) continue
    if (length >= largestBytes) return undefined
    text = Buffer.concat([text], length * 2)
  }
}

/** The whole number in a file; undefined where there is none: `max`, an empty file, a missing one. Never rejects. */
export async function readNumber(path: string): Promise<number | undefined> {
  return numberIn(await readText(path))
}

/** The whole number that a text is; undefined where it is anything else, or too long to be one. */
export function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text.trim()) ? Number(text) : undefined
}
