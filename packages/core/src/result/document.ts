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
  const bytes = await readBytes(path)
  const { keys, values } = countsIn(bytes)
  if (values > mostValues) throw new Flaw(`it has some ${values} values, more than the ${mostValues} allowed`)
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new Flaw(`it is not JSON: ${messageOf(cause)}`)
  }
  // readers disagree on which of two counts
  if (inspect(value) !== keys) throw new Flaw('it has a key twice')
  return value
}

async function readBytes(path: string): Promise<Buffer> {
  let file: FileHandle | undefined
  try {
    // opening a pipe must not wait for a writer
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile()) throw new Flaw('it is not a regular file')
    if (stats.size > largestBytes)
      throw new Flaw(`it has ${stats.size} bytes, more than the ${largestBytes} that a result may have`)
    return await readAll(file, stats.size)
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

/** How many keys there are, and at most how many values: what follows a comma, or begins a list or an object. */
function countsIn(bytes: Buffer): { readonly keys: number; readonly values: number } {
  let [keys, values] = [0, 0]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) at = endOfText(bytes, at)
    else if (byte === 0x3a) keys++
    else if (byte === 0x2c || byte === 0x5b || byte === 0x7b) values++
  }
  return { keys, values }
}

const quote = 0x22
const backslash = 0x5c

function endOfText(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at += bytes[at] === backslash ? 2 : 1)
    if (bytes[at] === quote) return at
  return bytes.length
}

/** Refuses what no JSON of ours contains, and counts the keys. A loop instead of recursion, since the depth is what is in question. */
function inspect(root: unknown): number {
  let keys = 0
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
      for (const [key, value] of Object.entries(node.value)) {
        keys++
        visit(value, key, node)
      }
  }
  return keys
}
