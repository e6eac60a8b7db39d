import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { messageOf } from '../errors.ts'
import { Flaw } from './place.ts'

/** A day with dozens of operations is a tenth of it. */
const largestBytes = 64 * 2 ** 20
/** An empty list has two bytes in a file, and fifty in memory. */
const mostValues = 4_000_000
/** A result has about a dozen. */
const deepest = 64

/** The JSON value in a file. Throws a `Flaw`, within bounded time and memory, when there is none that can be trusted. */
export async function readDocument(path: string): Promise<unknown> {
  const text = await readText(path)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Flaw(`it is not JSON: ${messageOf(cause)}`)
  }
  inspect(value)
  return value
}

async function readText(path: string): Promise<string> {
  let file: FileHandle | undefined
  try {
    // opening a pipe must not wait for a writer
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile()) throw new Flaw('it is not a regular file')
    if (stats.size > largestBytes)
      throw new Flaw(`it has ${stats.size} bytes, more than the ${largestBytes} that a result may have`)
    const bytes = await readAll(file, stats.size)
    const values = valuesIn(bytes)
    if (values > mostValues)
      throw new Flaw(`it has some ${values} values, more than the ${mostValues} allowed`)
    return bytes.toString('utf8')
  } catch (cause) {
    throw cause instanceof Flaw ? cause : new Flaw(messageOf(cause))
  } finally {
    await file?.close()
  }
}

/** What is there now: a file that grows while it is read is cut off, and then is not JSON. */
async function readAll(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await file.read(buffer, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}

/** At least as many as there are: everything that follows a comma or begins a list or an object. */
function valuesIn(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === 0x2c || byte === 0x5b || byte === 0x7b) count++
  return count
}

/** Refuses what no JSON of ours contains. A loop instead of recursion, since the depth is what is in question. */
function inspect(root: unknown): void {
  interface Node {
    readonly value: object
    readonly depth: number
    readonly key: string
    readonly parent: Node | undefined
  }
  const flaw = (what: string, parent: Node | undefined, key: string): Flaw => {
    const path = [key]
    for (let node = parent; node?.parent; node = node.parent) path.unshift(node.key)
    return new Flaw(what, path.slice(-deepest).slice(0, 12))
  }
  const waiting: Node[] = []
  const visit = (value: unknown, key: string, parent: Node | undefined): void => {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw flaw('a number beyond all bounds', parent, key)
    if (typeof value !== 'object' || value === null) return
    const depth = (parent?.depth ?? 0) + 1
    if (depth > deepest) throw flaw(`nested more than ${deepest} deep`, parent, key)
    waiting.push({ value, depth, key, parent })
  }
  visit(root, '', undefined)
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (Object.hasOwn(node.value, '__proto__')) throw flaw('not a name', node, '__proto__')
    if (Array.isArray(node.value))
      for (let index = 0; index < node.value.length; index++) visit(node.value[index], String(index), node)
    else
      for (const key of Object.keys(node.value))
        visit((node.value as Record<string, unknown>)[key], key, node)
  }
}
