import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { create, createFileRegistry, type DescFile, type FileRegistry } from '@bufbuild/protobuf'
import * as wkt from '@bufbuild/protobuf/wkt'
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import { CloudbenchError, messageOf, readBytes } from '@cloudbench/core'
import protobuf from 'protobufjs'
import { describeFile, type ParsedFile } from './descriptors.ts'
import { importOrder } from './import-order.ts'
import { wellKnown } from './well-known.ts'

/** Imported only for their options, which can be read without them. */
const optionsOnly =
  /^(google\/api\/(annotations|http|client|field_behavior|resource)|google\/protobuf\/descriptor)\.proto$/

/** More than any that a person or a generator writes. */
const sourceLimitBytes = 16_000_000

/**
 * Reads `.proto` files and everything they import.
 * @param includes Folders to search for imports, besides those of the files themselves.
 * @throws CloudbenchError that names the file and the line.
 */
export function readProtoFiles(files: readonly string[], includes: readonly string[]): FileRegistry {
  const folders = [...includes, ...files.map((file) => dirname(file))].map((folder) => resolve(folder))
  const root = new protobuf.Root()
  const parsed = new Map<string, ParsedFile>()
  const known: FileDescriptorProto[] = []

  const visit = (name: string, path: string): void => {
    if (parsed.has(name)) return
    const source = readSource(path)
    const file = parse(root, name, source, path)
    parsed.set(name, file)
    for (const imported of file.imports) {
      const builtIn = wellKnown.get(imported)
      if (builtIn) addWellKnown(root, builtIn, known)
      else visit(imported, find(imported, folders, name))
    }
  }
  for (const file of files) visit(nameOf(resolve(file), folders), file)
  try {
    root.resolveAll()
    const described = importOrder(parsed, ({ imports }) => imports).map((file) => describeFile(root, file))
    return createFileRegistry(create(wkt.FileDescriptorSetSchema, { file: [...known, ...described] }))
  } catch (cause) {
    throw unreadable(files.join(', '), messageOf(cause), cause)
  }
}

function readSource(path: string): string {
  try {
    return readBytes(path, path, sourceLimitBytes, 'CB_PLUGIN_OPTIONS').toString()
  } catch (cause) {
    if (cause instanceof CloudbenchError) throw cause
    throw new CloudbenchError({
      code: 'CB_PLUGIN_OPTIONS',
      what: `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? messageOf(cause)}`,
      expected: 'a .proto file; relative paths start from the folder of the configuration',
      next: 'correct the option proto',
      cause,
    })
  }
}

function parse(root: protobuf.Root, name: string, source: string, path: string): ParsedFile {
  const bare = source.replaceAll(/\/\/.*|\/\*[^]*?\*\//g, '')
  if (/^\s*edition\s*=/m.test(bare))
    throw unreadable(path, 'it uses an edition, which is not supported in files', undefined)
  try {
    // the parser tags what it reads with the name of its file
    const parser = protobuf.parse as typeof protobuf.parse & { filename: string | null }
    parser.filename = name
    const { package: scope = '', imports = [] } = parser(source, root, { keepCase: true })
    return {
      name,
      package: scope ?? '',
      syntax: /^\s*syntax\s*=\s*["']proto3["']/m.test(bare) ? 'proto3' : 'proto2',
      imports: imports.filter((imported) => !optionsOnly.test(imported)),
    }
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause)
  }
}

/** Adds a well-known type to the parser's root, and its description to the registry. */
function addWellKnown(root: protobuf.Root, file: DescFile, known: FileDescriptorProto[]): void {
  if (known.includes(file.proto)) return
  known.push(file.proto)
  const scope = root.define('google.protobuf')
  for (const { name } of file.proto.messageType) scope.add(new protobuf.Type(name))
  for (const { name } of file.proto.enumType) scope.add(new protobuf.Enum(name, {}))
}

function find(imported: string, folders: readonly string[], importer: string): string {
  const path = folders.map((folder) => join(folder, imported)).find((candidate) => existsSync(candidate))
  if (path !== undefined) return path
  throw new CloudbenchError({
    code: 'CB_PLUGIN_OPTIONS',
    what: `${importer} imports ${imported}, which is in none of ${folders.join(', ')}`,
    expected: 'every import to be found',
    next: 'add its folder to the option includes',
  })
}

/** The name other files would import it by: relative to the first folder that contains it. */
function nameOf(path: string, folders: readonly string[]): string {
  const names = folders.map((folder) => relative(folder, path))
  return names.find((name) => !name.startsWith('..') && !isAbsolute(name)) ?? path
}

function unreadable(where: string, why: string, cause: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_PLUGIN_OPTIONS',
    what: `${where} cannot be used: ${why}`,
    expected: 'proto2 or proto3 syntax that a compiler accepts',
    next: 'correct the file, or remove the option proto to use reflection',
    cause,
  })
}
