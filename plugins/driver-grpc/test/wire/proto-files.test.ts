import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fromJson, toBinary } from '@bufbuild/protobuf'
import { expect, onTestFinished, test } from 'vitest'
import { readProtoFiles } from '../../src/wire/proto-files.ts'

/** A folder with files, removed after the test. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-proto-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

const proto3 = 'syntax = "proto3";\n'

test('imports are found next to the file and in the given folders', async () => {
  const folder = await folderWith({
    'apis/a.proto': `${proto3}package a; import "b.proto"; import "common/c.proto"; message A { b.B b = 1; common.C c = 2; }`,
    'apis/b.proto': `${proto3}package b; import "common/c.proto"; message B { common.C c = 1; }`,
    'shared/common/c.proto': `${proto3}package common; import "google/protobuf/empty.proto"; message C { google.protobuf.Empty nothing = 1; string id = 2; }`,
  })
  const registry = readProtoFiles([`${folder}/apis/a.proto`], [`${folder}/shared`])
  expect([...registry.files].map(({ name }) => name)).toEqual(['google/protobuf/empty', 'common/c', 'b', 'a'])
})

test('several files, without a package, with nested types', async () => {
  const folder = await folderWith({
    'a.proto': `${proto3}message A { message Inner { enum Kind { NONE = 0; } Kind kind = 1; } Inner inner = 1; map<int32, Inner> all = 2; }`,
    'b.proto': `${proto3}import "a.proto"; message B { A.Inner.Kind kind = 1; }`,
  })
  const registry = readProtoFiles([`${folder}/a.proto`, `${folder}/b.proto`], [])
  expect(registry.getMessage('B')!.field['kind']!.enum!.typeName).toBe('A.Inner.Kind')
  expect(registry.getMessage('A')!.field['all']).toMatchObject({ fieldKind: 'map', mapKind: 'message' })
})

test('proto2 and proto3 pack lists by their own rules', async () => {
  const body = 'message M { repeated int32 plain = 1; repeated int32 turned = 2 [packed = '
  const folder = await folderWith({
    'three.proto': `${proto3}${body}false]; }`,
    'two.proto': `syntax = "proto2"; ${body}true]; }`

      .replaceAll('message M', 'message Two'),
  })
  const registry = readProtoFiles([`${folder}/three.proto`, `${folder}/two.proto`], [])
  const bytesOf = (name: string): string => {
    const type = registry.getMessage(name)!
    return Buffer.from(toBinary(type, fromJson(type, { plain: [1, 2], turned: [3, 4] }))).toString('hex')
  }
  expect(bytesOf('M')).toBe('0a02010210031004')
  expect(bytesOf('Two')).toBe('0801080212020304')
})

test('fields can have a JSON name', async () => {
  const folder = await folderWith({
    'a.proto': `${proto3}message A { string some_id = 1 [json_name = "ID"]; string other_id = 2; }`,
  })
  const { fields } = readProtoFiles([`${folder}/a.proto`], []).getMessage('A')!
  expect(fields.map(({ jsonName }) => jsonName)).toEqual(['ID', 'otherId'])
})

test.for([
  ['a missing file', {}, 'cannot be read: ENOENT'],
  [
    'a missing import',
    { 'a.proto': `${proto3}import "b.proto";` },
    'a.proto imports b.proto, which is in none of',
  ],
  [
    'a syntax error',
    { 'a.proto': `${proto3}\nmessage A {\n  strin id = ;\n}` },
    "illegal id ';' (a.proto, line 4)",
  ],
  ['a missing type', { 'a.proto': `${proto3}message A { Missing b = 1; }` }, 'Missing'],
  ['an edition', { 'a.proto': 'edition = "2023";\nmessage A { }' }, 'uses an edition'],
  ['a group', { 'a.proto': 'syntax = "proto2"; message A { optional group G = 1 { } }' }, 'is a group'],
] as const)('%s is refused: %s', async ([, files, what]) => {
  const folder = await folderWith(files)
  expect(() => readProtoFiles([`${folder}/a.proto`], [])).toThrow(
    expect.objectContaining({ code: 'CB_PLUGIN_OPTIONS', message: expect.stringContaining(what) as string }),
  )
})
